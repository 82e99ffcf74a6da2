package pull

import (
	"bytes"
	"encoding/json"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/interpos/cabinet/internal/sync"
)

func TestAReaderThatKeepsUpIsReadForInGrowingWindowsAndALateOneChunkByChunk(t *testing.T) {
	p := newPace()
	var rows []int
	for range 5 {
		rows = append(rows, p.rows)
		p.chooseRows(window{rows: p.rows, bytes: 1000 * p.rows}, false)
	}
	require.Equal(t, []int{500, 2000, 8000, 16_777, 16_777}, rows, "16 MiB of changes of 1,000 bytes at the most")
	p.chooseRows(window{rows: 2100, bytes: 2_100_000}, true)
	require.Equal(t, 2097, p.rows, "a chunk")
	p.chooseRows(window{rows: 1, bytes: 1 << 30}, true)
	require.Equal(t, 1, p.rows, "never nothing")
}

// A chunk is taken soon, or the window ends: nobody waits longer while a transaction is open.
func TestAWindowEndsForAReaderThatDoesNotTakeItsChunk(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		taken, left := make(chan struct{}), 0
		a := &answer{pace: newPace(), outbox: outbox{
			send:  func([]byte) error { <-taken; return nil },
			enter: func() (func(), error) { return func() { left++ }, nil },
		}}
		change := &sync.Record{Kind: "unit", Data: make([]byte, chunkBytes)}
		start := time.Now()
		enough, err := a.addChange(change)
		require.NoError(t, err)
		require.False(t, enough, "nothing is on its way before the first chunk")
		enough, err = a.addChange(change)
		require.NoError(t, err)
		require.True(t, enough)
		require.Equal(t, takenWithin, time.Since(start))
		close(taken)
		require.NoError(t, a.endWindow(window{rows: 2, bytes: 2 * chunkBytes}))
		require.Equal(t, 1, a.pace.rows)
		a.outbox.close()
		require.Equal(t, 1, left, "the place is given back, once")
	})
}

func TestWhatSendingGaveEndsTheAnswer(t *testing.T) {
	broken := errors.New("the reader is gone")
	a := &answer{pace: newPace(), outbox: outbox{
		send:  func([]byte) error { return broken },
		enter: func() (func(), error) { return func() {}, nil },
	}}
	defer a.outbox.close()
	require.NoError(t, a.outbox.sendFilled())
	require.ErrorIs(t, a.outbox.sendFilled(), broken)
}

func TestBothFramesAreJSON(t *testing.T) {
	change := &sync.Record{
		Kind: "unit", ID: uuid.New(), Version: 2, Seq: 7, ModifiedAt: time.Date(2026, 5, 25, 17, 3, 14, 500_000_000, time.FixedZone("", 3600)),
		DeviceID: uuid.New(), Data: []byte(`{"name":"kg"}`),
	}
	for _, count := range []int{0, 1, 3} {
		whole, lines := frame{}, frame{lines: true}
		asOne, asLines := whole.appendBegin(nil), lines.appendBegin(nil)
		for range count {
			asOne, asLines = whole.appendNext(asOne, change), lines.appendNext(asLines, change)
		}
		asOne, asLines = whole.appendEnd(asOne, "c", true), lines.appendEnd(asLines, "c", true)
		var read struct {
			Changes []struct {
				ID         uuid.UUID
				ModifiedAt string `json:"modified_at"`
			}
			Cursor string
			More   bool
		}
		require.NoError(t, json.Unmarshal(asOne, &read), "%s", asOne)
		require.Len(t, read.Changes, count)
		require.Equal(t, "c", read.Cursor)
		require.True(t, read.More)
		for _, c := range read.Changes {
			require.Equal(t, change.ID, c.ID)
			require.Equal(t, "2026-05-25T16:03:14.5Z", c.ModifiedAt)
		}
		require.Equal(t, count, lines.count)
		require.Equal(t, count+1, bytes.Count(asLines, []byte("\n")), "%s", asLines)
	}
}
