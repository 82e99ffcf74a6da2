package sync_test

import (
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/interpos/cabinet/internal/sync"
)

func TestADevicesClockIsKnownOnceItHasToldItsTime(t *testing.T) {
	v := newOutlet(t)
	device := uuid.New()
	skew := func() *int64 {
		devices, err := v.feed.Devices(t.Context(), v.organization)
		require.NoError(t, err)
		require.Len(t, devices, 1)
		return devices[0].ClockSkewSeconds
	}
	v.push(device, unit(uuid.New(), "kg", clock))
	require.Nil(t, skew(), "a push tells no time")
	for _, ahead := range []time.Duration{2 * time.Hour, -time.Minute, 0} {
		greeting, err := v.feed.Greet(t.Context(), v.organization, sync.Hello{DeviceID: device, LocalTime: clock.Add(ahead)})
		require.NoError(t, err)
		require.Equal(t, ahead, greeting.ClockSkew)
		require.Equal(t, int64(ahead.Seconds()), *skew())
	}
	_, err := v.feed.Greet(t.Context(), v.organization, sync.Hello{DeviceID: device})
	require.NoError(t, err)
	require.Nil(t, skew(), "what it was may have changed")
}
