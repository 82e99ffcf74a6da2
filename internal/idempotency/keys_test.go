package idempotency

import (
	"bytes"
	"context"
	"crypto/sha256"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/interpos/cabinet/internal/db"
	"github.com/interpos/cabinet/internal/db/dbtest"
	"github.com/interpos/cabinet/internal/fault"
	"github.com/interpos/cabinet/internal/seal"
)

type world struct {
	*Keys
	database *db.DB
	at       time.Time
}

func newWorld(t *testing.T) *world {
	w := &world{database: dbtest.New(t), at: time.Date(2026, 5, 25, 17, 0, 0, 0, time.UTC)}
	sealer, err := seal.NewSealer(bytes.Repeat([]byte("s"), 32))
	require.NoError(t, err)
	w.Keys = New(w.database, sealer, func() time.Time { return w.at })
	return w
}

func asked(text string) Request {
	return Request{Caller: "user 1", Key: "key", Digest: sha256.Sum256([]byte(text))}
}

var made = Answer{Status: 201, Header: map[string]string{"Location": "/there"}, Body: []byte(`{"sync_key":"isk_secret"}`)}

func TestTheSameRequestGetsTheSameAnswerForADay(t *testing.T) {
	w, ctx := newWorld(t), context.Background()
	answer, err := w.Begin(ctx, asked("one"))
	require.NoError(t, err)
	require.Nil(t, answer)
	_, err = w.Begin(ctx, asked("one"))
	require.True(t, fault.Is(err, fault.IdempotencyOpen), "it is being answered: %v", err)
	require.NoError(t, w.Finish(ctx, asked("one"), made))

	w.at = w.at.Add(Lifetime - time.Second)
	require.NoError(t, w.Sweep(ctx))
	answer, err = w.Begin(ctx, asked("one"))
	require.NoError(t, err)
	require.Equal(t, &made, answer)
	_, err = w.Begin(ctx, asked("two"))
	require.True(t, fault.Is(err, fault.IdempotencyReused), "%v", err)
	other := asked("two")
	other.Caller = "user 2"
	answer, err = w.Begin(ctx, other)
	require.NoError(t, err)
	require.Nil(t, answer, "a key of one is nothing to another")

	w.at = w.at.Add(time.Second)
	answer, err = w.Begin(ctx, asked("two"))
	require.NoError(t, err)
	require.Nil(t, answer, "the key is free again")
	w.at = w.at.Add(Lifetime)
	require.NoError(t, w.Sweep(ctx))
	require.Zero(t, w.count(t))
}

func (w *world) count(t *testing.T) (count int) {
	require.NoError(t, w.database.Global(context.Background(), func(tx db.Tx) error {
		return tx.QueryRow(context.Background(), "SELECT count(*) FROM idempotency_keys").Scan(&count)
	}))
	return count
}

func TestARefusedRequestGivesItsKeyBack(t *testing.T) {
	w, ctx := newWorld(t), context.Background()
	_, err := w.Begin(ctx, asked("wrong"))
	require.NoError(t, err)
	require.NoError(t, w.GiveBack(ctx, asked("wrong")))
	answer, err := w.Begin(ctx, asked("right"))
	require.NoError(t, err)
	require.Nil(t, answer)
}

func TestOfRequestsAtOnceOneIsAnswered(t *testing.T) {
	w := newWorld(t)
	var group sync.WaitGroup
	results := make(chan error, 20)
	for range cap(results) {
		group.Go(func() {
			_, err := w.Begin(context.Background(), asked("one"))
			results <- err
		})
	}
	group.Wait()
	close(results)
	taken := 0
	for err := range results {
		if err == nil {
			taken++
			continue
		}
		require.True(t, fault.Is(err, fault.IdempotencyOpen), "%v", err)
	}
	require.Equal(t, 1, taken)
}

// Who reads the table learns nothing of requests and answers.
func TestWhatIsKeptIsSealed(t *testing.T) {
	w, ctx := newWorld(t), context.Background()
	_, err := w.Begin(ctx, asked("one"))
	require.NoError(t, err)
	require.NoError(t, w.Finish(ctx, asked("one"), made))
	var row string
	require.NoError(t, w.database.Global(ctx, func(tx db.Tx) error {
		return tx.QueryRow(ctx, "SELECT encode(key_hash, 'escape') || encode(answer, 'escape') FROM idempotency_keys").Scan(&row)
	}))
	for _, secret := range []string{"isk_secret", "user 1", "there"} {
		require.NotContains(t, row, secret)
	}
	digest := asked("one").Digest
	require.NotContains(t, row, string(digest[:8]))
	other, err := seal.NewSealer(bytes.Repeat([]byte("x"), 32))
	require.NoError(t, err)
	_, err = New(w.database, other, func() time.Time { return w.at }).Begin(ctx, asked("one"))
	require.True(t, fault.Is(err, fault.IdempotencyOpen), "what cannot be read is not answered again: %v", err)
}
