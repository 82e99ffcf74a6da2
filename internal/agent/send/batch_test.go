package send

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/interpos/cabinet/internal/agent/extract"
	"github.com/interpos/cabinet/internal/agent/state"
	"github.com/interpos/cabinet/internal/client"
)

// The POS's clock was hours ahead, and the cabinet took a change; then it was weeks ahead, so that
// the next change waits; the agent ends while it sends that once more; the clock is set right.
func TestWhatWaitedForAClockIsLaterThanWhatTheCabinetHas(t *testing.T) {
	now := time.Date(2026, 5, 25, 12, 0, 0, 0, time.UTC)
	row := extract.Record{Hash: [32]byte{2}, ModifiedAt: now.Add(20 * 24 * time.Hour)}
	for _, status := range []state.Status{state.Accepted, state.Waiting, state.Rejected, state.Stale, state.Unanswered} {
		known := state.Record{Hash: []byte{1}, ModifiedAt: now.Add(20 * time.Hour), Status: status}
		if status != state.Accepted && status != state.Unanswered {
			known.Hash = append([]byte{}, row.Hash[:]...) // it was sent, and not taken
		}
		var b batch
		b.addChange(client.Change{ModifiedAt: row.ModifiedAt}, &row, known)
		unanswered := b.unansweredRecords(now)[0]
		unanswered.Status = state.Unanswered // as the state recovers it
		again := row
		again.ModifiedAt = now
		sender := Sender{}
		require.Equal(t, now.Add(20*time.Hour+time.Millisecond), sender.modifiedAt(&again, unanswered, true), status)
		require.False(t, unanswered.Same(row.Hash), "%s: it is sent again", status)
	}
}
