package job

import (
	"context"
	"errors"
	"log/slog"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/interpos/cabinet/internal/db"
	"github.com/interpos/cabinet/internal/db/dbtest"
	"github.com/interpos/cabinet/internal/mail"
	"github.com/interpos/cabinet/internal/mail/mailtest"
	"github.com/interpos/cabinet/internal/seal"
)

var letter = mail.Letter{Kind: mail.VerifyEmail, To: "anna@example.com", Locale: "en", Token: "the-token"}

// world is a queue at work that sends by a real mail server.
type world struct {
	*testing.T
	db    *db.DB
	queue *Queue
	smtp  *mailtest.Server
}

func newWorld(t *testing.T, change func(*Options)) *world {
	t.Helper()
	t.Parallel() // retries and the sweep come after seconds
	sealer, err := seal.NewSealer([]byte("a secret of thirty-two characters"))
	require.NoError(t, err)
	w := &world{T: t, db: dbtest.New(t), smtp: mailtest.New(t)}
	sender, err := mail.NewSMTP(w.smtp.URL(), "no-reply@cabinet.example")
	require.NoError(t, err)
	options := Options{
		Sealer: sealer, Sender: sender, Site: &url.URL{Scheme: "https", Host: "cabinet.example"},
		Log: slog.New(slog.DiscardHandler), Now: time.Now,
	}
	change(&options)
	w.queue, err = New(w.db, options)
	require.NoError(t, err)
	require.NoError(t, w.queue.Start(t.Context()))
	t.Cleanup(func() { require.NoError(t, w.queue.Stop(context.Background())) })
	return w
}

func unchanged(*Options) {}

// enqueue puts a letter into the queue in a transaction that ends with err.
func (w *world) enqueue(letter mail.Letter, end error) {
	w.Helper()
	require.Equal(w, end, w.db.Global(w.Context(), func(tx db.Tx) error {
		require.NoError(w, w.queue.Letter(w.Context(), tx, letter))
		return end
	}))
}

// eventually waits until the newest job has this state.
func (w *world) eventually(state string) {
	w.Helper()
	var got string
	require.Eventually(w, func() bool {
		err := w.db.Pool.QueryRow(w.Context(), `SELECT state::text FROM river_job WHERE kind = 'letter' ORDER BY id DESC LIMIT 1`).Scan(&got)
		return err == nil && got == state
	}, 30*time.Second, 20*time.Millisecond, "the job is %s", got)
}

func TestALetterIsSentWithTheTransactionThatWantedIt(t *testing.T) {
	w := newWorld(t, unchanged)
	w.enqueue(letter, errors.New("the transaction fails"))
	second := letter
	second.To = "boris@example.com"
	w.enqueue(second, nil)
	received := w.smtp.Next(t)
	require.Equal(t, []string{"boris@example.com"}, received.To)
	require.Contains(t, strings.ReplaceAll(received.Data, "=\r\n", ""), "verify-email#token=3Dthe-token")
	w.eventually("completed")
	var jobs int
	require.NoError(t, w.db.Pool.QueryRow(t.Context(), `SELECT count(*) FROM river_job WHERE kind = 'letter'`).Scan(&jobs))
	require.Equal(t, 1, jobs)
}

func TestALetterWaitsForAMailServerThatIsAway(t *testing.T) {
	w := newWorld(t, unchanged)
	w.smtp.Close()
	w.enqueue(letter, nil)
	w.eventually("retryable")
	again := mailtest.Listen(t, w.smtp.Address())
	require.Equal(t, []string{letter.To}, again.Next(t).To)
}

func TestALetterToNoMailboxIsGivenUp(t *testing.T) {
	w := newWorld(t, unchanged)
	w.smtp.Refuse(letter.To, 550)
	w.enqueue(letter, nil)
	w.eventually("cancelled")
}

func TestALetterWhoseLinkHasEndedIsNotSent(t *testing.T) {
	w := newWorld(t, unchanged)
	late := letter
	late.ExpiresAt = time.Now().Add(-time.Second)
	w.enqueue(late, nil)
	w.eventually("cancelled")
}

func TestALetterOfAnotherServersSecretIsGivenUp(t *testing.T) {
	w := newWorld(t, unchanged)
	other, err := seal.NewSealer([]byte("another secret of the same length"))
	require.NoError(t, err)
	w.queue.sealer = other
	w.enqueue(letter, nil)
	w.eventually("cancelled")
}

func TestALetterToNobodyIsWorkAndNoMore(t *testing.T) {
	w := newWorld(t, unchanged)
	w.enqueue(Nobody, nil)
	w.eventually("completed")
}

func TestTheSweepThePurgeAndTheRetryRun(t *testing.T) {
	swept, purged, retried := make(chan struct{}, 1), make(chan struct{}, 1), make(chan struct{}, 1)
	newWorld(t, func(o *Options) {
		o.Sweep, o.Purge, o.Retry = tell(swept), tell(purged), tell(retried)
	})
	for _, told := range []chan struct{}{swept, purged, retried} {
		select {
		case <-told:
		case <-time.After(30 * time.Second):
			t.Fatal("nothing was swept, purged or tried again")
		}
	}
}

func tell(ran chan<- struct{}) func(context.Context) error {
	return func(context.Context) error {
		select {
		case ran <- struct{}{}:
		default:
		}
		return nil
	}
}
