package sync_test

import (
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/interpos/cabinet/internal/db"
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

// Devices that are forgotten are those that nobody misses, however a further one comes: by a hello or a push.
func TestADeviceThatWasHeardLongAgoGivesWayToAFurtherOne(t *testing.T) {
	v := newOutlet(t)
	first, withSource := uuid.New(), uuid.New()
	var stale []uuid.UUID
	require.NoError(t, v.db.ForOrganization(t.Context(), v.organization, func(tx db.Tx) error {
		const note = `
			INSERT INTO devices (organization_id, id, first_seen_at, last_seen_at, source_id)
			VALUES ($1::uuid, $2, $3::timestamptz, $3, CASE WHEN $4 THEN $1::uuid END)`
		at := clock.AddDate(-1, 0, 0)
		for i := range sync.MaxDevices {
			id := uuid.New()
			switch i {
			case 0:
				id = first
			case 1:
				id = withSource
			default:
				stale = append(stale, id)
			}
			if _, err := tx.Exec(t.Context(), note, v.organization, id, at.Add(time.Duration(i)*time.Second), id == withSource); err != nil {
				return err
			}
		}
		return nil
	}))
	greeted, pushed := uuid.New(), uuid.New()
	_, err := v.feed.Greet(t.Context(), v.organization, sync.Hello{DeviceID: greeted})
	require.NoError(t, err)
	v.push(pushed, unit(uuid.New(), "kg", clock))
	devices, err := v.feed.Devices(t.Context(), v.organization)
	require.NoError(t, err)
	require.Len(t, devices, sync.MaxDevices)
	known := map[uuid.UUID]bool{}
	for _, device := range devices {
		known[device.ID] = true
	}
	for _, id := range append([]uuid.UUID{first, withSource, greeted, pushed}, stale[2:]...) {
		require.True(t, known[id])
	}
	status, err := v.feed.Overview(t.Context(), v.organization)
	require.NoError(t, err)
	require.Equal(t, sync.MaxDevices, status.Devices, "no more are kept than are shown")
}
