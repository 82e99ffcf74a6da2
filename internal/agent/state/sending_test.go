package state_test

import (
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/interpos/cabinet/internal/agent/state"
)

func TestWhatIsNeverAcknowledgedIsUnanswered(t *testing.T) {
	s, _ := open(t)
	known, fresh := record("1"), record("2")
	require.NoError(t, s.Acknowledge(ctx, "unit", []state.Record{known}, ""))
	require.NoError(t, s.Sending(ctx, "unit", []state.Record{fresh}))
	require.NoError(t, s.Acknowledge(ctx, "unit", []state.Record{fresh}, ""))
	require.NoError(t, s.Recover(ctx))
	list, err := notAccepted(s, "unit", state.Unanswered)
	require.NoError(t, err)
	require.Empty(t, list, "it was answered")

	dead := known
	dead.Deleted = true
	require.NoError(t, s.Sending(ctx, "unit", []state.Record{dead}))
	require.NoError(t, s.Sending(ctx, "unit", []state.Record{record("3")}), "the next batch forgets nothing of the one before")
	require.NoError(t, s.Recover(ctx))
	require.NoError(t, s.Recover(ctx), "once and for all")
	list, err = notAccepted(s, "unit", state.Unanswered)
	require.NoError(t, err)
	require.Len(t, list, 2)
	outstanding, err := outstandingOf(s, "unit")
	require.NoError(t, err)
	require.Len(t, outstanding, 3)
	require.Equal(t, map[uuid.UUID]bool{fresh.ID: false, dead.ID: true, record("3").ID: false}, outstanding,
		"if they are not in the source, one is to be deleted still, the others are to be deleted")
}
