package sync_test

import (
	gosync "sync"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/interpos/cabinet/internal/fault"
	"github.com/interpos/cabinet/internal/sync"
)

func (v outlet) greet(device uuid.UUID) {
	v.Helper()
	_, err := v.feed.Greet(v.Context(), v.organization, sync.Hello{DeviceID: device, DeviceName: "till"})
	require.NoError(v, err)
}

func TestOnlyOneSourceIsTheFirst(t *testing.T) {
	v := newOutlet(t)
	ids := make([]uuid.UUID, 4)
	var all gosync.WaitGroup
	for i := range ids {
		device := uuid.New()
		v.greet(device)
		all.Go(func() {
			source, err := v.feed.RegisterSource(t.Context(), v.organization, sync.SourceClaim{Name: device.String(), DeviceID: device})
			if err == nil {
				ids[i] = source.ID
			}
		})
	}
	all.Wait()
	seen := map[uuid.UUID]bool{}
	for _, id := range ids {
		seen[id] = true
	}
	require.Len(t, seen, len(ids), "no two have one id")
	require.True(t, seen[v.organization], "ids of what the first one sends are made of the organization's")
}

func TestASourceIsNeverTheFirstWhereRecordsAreThere(t *testing.T) {
	v, device := newOutlet(t), uuid.New()
	v.push(device, unit(uuid.New(), "kg", clock))
	source, err := v.feed.RegisterSource(t.Context(), v.organization, sync.SourceClaim{Name: "till", DeviceID: device})
	require.NoError(t, err)
	require.NotEqual(t, v.organization, source.ID, "the organization's id may have made the ids of what is there")
}

func TestSourcesAreKnownByNameAndDevices(t *testing.T) {
	v, first, second := newOutlet(t), uuid.New(), uuid.New()
	v.greet(first)
	v.greet(second)
	made, err := v.feed.RegisterSource(t.Context(), v.organization, sync.SourceClaim{Name: "Lenina 5", DeviceID: first, Evidence: "one"})
	require.NoError(t, err)
	_, err = v.feed.RegisterSource(t.Context(), v.organization, sync.SourceClaim{Name: "LENINA 5", DeviceID: second})
	require.True(t, fault.Is(err, fault.Conflict), "%v", err)

	claimed, err := v.feed.ClaimSource(t.Context(), v.organization, made.ID, sync.SourceClaim{Name: "Lenina 5", DeviceID: second, Evidence: "two"})
	require.NoError(t, err)
	require.Equal(t, "two", claimed.Evidence)
	require.Len(t, claimed.Devices, 2, "what the first device has sent is this source's still")

	_, err = v.feed.ClaimSource(t.Context(), v.organization, made.ID, sync.SourceClaim{Name: "Lenina 5", DeviceID: uuid.New()})
	require.True(t, fault.Is(err, fault.ValidationFailed), "a device that never said hello: %v", err)
	lost, err := v.feed.ClaimSource(t.Context(), v.organization, uuid.New(), sync.SourceClaim{Name: "Mira 1", DeviceID: second})
	require.NoError(t, err, "one that a restored backup lacks comes back under its id")
	require.Len(t, lost.Devices, 1)

	other := newOutletIn(v)
	sources, err := other.feed.Sources(t.Context(), other.organization)
	require.NoError(t, err)
	require.Empty(t, sources)
}

// Neither many devices at once nor ids of their own get around the bounds of a source.
func TestSourcesAreBoundedHoweverTheyCome(t *testing.T) {
	v, device := newOutlet(t), uuid.New()
	v.greet(device)
	failures := make([]error, 8)
	var all gosync.WaitGroup
	for i := range failures {
		all.Go(func() {
			claim := sync.SourceClaim{Name: "till", DeviceID: device}
			if i%2 == 0 {
				_, failures[i] = v.feed.RegisterSource(t.Context(), v.organization, claim)
			} else {
				_, failures[i] = v.feed.ClaimSource(t.Context(), v.organization, uuid.New(), claim)
			}
		})
	}
	all.Wait()
	taken := 0
	for _, err := range failures {
		if err != nil {
			require.True(t, fault.Is(err, fault.Conflict), "%v", err)
			taken++
		}
	}
	require.Equal(t, len(failures)-1, taken, "a name is one source's")

	v.tamper(`INSERT INTO sources (organization_id, id, name, evidence, created_at)
		SELECT $1, gen_random_uuid(), 'of ' || n, '', now() FROM generate_series(2, $2::integer) AS n`, sync.MaxSources)
	sources, err := v.feed.Sources(t.Context(), v.organization)
	require.NoError(t, err)
	require.Len(t, sources, sync.MaxSources)
	_, err = v.feed.RegisterSource(t.Context(), v.organization, sync.SourceClaim{Name: "one too many", DeviceID: device})
	require.True(t, fault.Is(err, fault.ValidationFailed), "%v", err)
	_, err = v.feed.ClaimSource(t.Context(), v.organization, uuid.New(), sync.SourceClaim{Name: "one too many", DeviceID: device})
	require.True(t, fault.Is(err, fault.ValidationFailed), "%v", err)
	_, err = v.feed.ClaimSource(t.Context(), v.organization, sources[0].ID, sync.SourceClaim{Name: "till", DeviceID: device})
	require.NoError(t, err, "one that is there is claimed as ever")
}
