package link

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestTheCabinetsTimeGoesOnThoughTheTillsClockIsSet(t *testing.T) {
	noon := time.Date(2026, 5, 25, 12, 0, 0, 0, time.UTC)
	measured := cabinetTime{server: noon, at: Moment{Wall: noon.Add(-3 * time.Hour), Running: time.Minute}}
	require.Equal(t, 3*time.Hour, measured.clockOffset())

	later := Moment{Wall: noon.Add(-3*time.Hour + 10*time.Second), Running: time.Minute + 10*time.Second}
	require.Equal(t, noon.Add(10*time.Second), measured.timeAt(later))
	require.False(t, measured.wasSet(later))

	for _, set := range []time.Duration{-48 * time.Hour, -3 * time.Second, 3 * time.Second, 365 * 24 * time.Hour} {
		jumped := Moment{Wall: later.Wall.Add(set), Running: later.Running}
		require.Equal(t, noon.Add(10*time.Second), measured.timeAt(jumped), "the time of changes does not jump with it")
		require.True(t, measured.wasSet(jumped), "and the cabinet is asked again")
	}
	slewed := Moment{Wall: later.Wall.Add(time.Second), Running: later.Running}
	require.False(t, measured.wasSet(slewed))
	asleep := Moment{Wall: later.Wall.Add(8 * time.Hour), Running: later.Running}
	require.True(t, measured.wasSet(asleep), "the running clock stands while a computer sleeps")
}
