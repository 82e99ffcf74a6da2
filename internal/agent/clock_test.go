package agent

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestTheCabinetsTimeGoesOnThoughTheTillsClockIsSet(t *testing.T) {
	noon := time.Date(2026, 5, 25, 12, 0, 0, 0, time.UTC)
	measured := cabinetTime{server: noon, at: moment{wall: noon.Add(-3 * time.Hour), running: time.Minute}}
	require.Equal(t, 3*time.Hour, measured.offset())

	later := moment{wall: noon.Add(-3*time.Hour + 10*time.Second), running: time.Minute + 10*time.Second}
	require.Equal(t, noon.Add(10*time.Second), measured.now(later))
	require.False(t, measured.jumped(later))

	for _, set := range []time.Duration{-48 * time.Hour, -3 * time.Second, 3 * time.Second, 365 * 24 * time.Hour} {
		jumped := moment{wall: later.wall.Add(set), running: later.running}
		require.Equal(t, noon.Add(10*time.Second), measured.now(jumped), "the time of changes does not jump with it")
		require.True(t, measured.jumped(jumped), "and the cabinet is asked again")
	}
	slewed := moment{wall: later.wall.Add(time.Second), running: later.running}
	require.False(t, measured.jumped(slewed))
	asleep := moment{wall: later.wall.Add(8 * time.Hour), running: later.running}
	require.True(t, measured.jumped(asleep), "the running clock stands while a computer sleeps")
}

func TestAWholeReadingThatSeemsYetToComeIsNotTrusted(t *testing.T) {
	now := time.Date(2026, 5, 25, 12, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		age, every time.Duration
		fresh      bool
	}{
		{0, time.Hour, true}, {59 * time.Minute, time.Hour, true}, {time.Hour, time.Hour, false}, {-time.Millisecond, time.Hour, false},
		{0, 0, false}, {time.Millisecond, 0, false}, {-time.Second, 0, false},
	} {
		require.Equal(t, c.fresh, fresh(now.Add(-c.age), now, c.every), "%s old, every %s", c.age, c.every)
	}
}
