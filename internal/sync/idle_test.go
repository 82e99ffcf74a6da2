package sync_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/interpos/cabinet/internal/pull"
)

// A feed in which nothing happens is looked at for all who wait for it, not by each of them.
func TestALongPollThatNothingWakesDoesNotReadTheFeedAgain(t *testing.T) {
	v := newOutlet(t)
	_, cursor := v.read("")
	wakings := 0
	page, err := v.pull(pull.Request{Cursor: cursor, Limit: 10, Wait: 3 * time.Second, StillAllowed: func(_ context.Context, age time.Duration) error {
		if age == 0 {
			wakings++
		}
		return nil
	}})
	require.NoError(t, err)
	require.Empty(t, page.changes)
	require.LessOrEqual(t, wakings, 1, "the first look at a feed may wake, and no other")
}
