package agent

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestAWholeReadingThatSeemsYetToComeIsNotTrusted(t *testing.T) {
	now := time.Date(2026, 5, 25, 12, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		age, every time.Duration
		fresh      bool
	}{
		{0, time.Hour, true}, {59 * time.Minute, time.Hour, true}, {time.Hour, time.Hour, false}, {-time.Millisecond, time.Hour, false},
		{0, 0, false}, {time.Millisecond, 0, false}, {-time.Second, 0, false},
	} {
		require.Equal(t, c.fresh, isFresh(now.Add(-c.age), now, c.every), "%s old, every %s", c.age, c.every)
	}
}
