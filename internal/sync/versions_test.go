package sync_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/interpos/cabinet/internal/fault"
	"github.com/interpos/cabinet/internal/record"
	"github.com/interpos/cabinet/internal/sync"
)

func (v outlet) versions(kind string, id uuid.UUID) sync.History {
	v.Helper()
	history, err := v.tryVersions(kind, id, "", 100)
	require.NoError(v, err)
	return history
}

func (v outlet) tryVersions(kind string, id uuid.UUID, after string, limit int) (sync.History, error) {
	return v.feed.Versions(context.Background(), v.organization, sync.VersionQuery{Kind: kind, ID: id, Cursor: after, Limit: limit})
}

// told writes the events of a history, the newest first.
func told(history sync.History) string {
	events := make([]string, len(history.Versions))
	for i, version := range history.Versions {
		events[i] = fmt.Sprintf("%d %s", version.Version, version.Event)
	}
	return strings.Join(events, ", ")
}

func TestVersionsTellWhatEachOneChanged(t *testing.T) {
	v := newOutlet(t)
	till, office, id := uuid.New(), uuid.New(), uuid.New()
	v.push(till, unit(id, "kg", clock))
	v.at(clock.Add(time.Hour)).push(office, unit(id, "kilo", clock.Add(time.Minute)))
	_, err := v.feed.Greet(context.Background(), v.organization, sync.Hello{DeviceID: till, DeviceName: "Till", LocalTime: clock})
	require.NoError(t, err)

	history := v.versions("unit", id)
	require.Equal(t, "2 changed, 1 created", told(history))
	require.EqualValues(t, 2, history.Total)
	require.Zero(t, history.Cut)
	require.Empty(t, history.NextCursor)
	newest, first := history.Versions[0], history.Versions[1]
	require.Equal(t, []record.Difference{{Field: "name", Operation: record.Changed, Before: `"kg"`, After: `"kilo"`}}, newest.Differences)
	require.Empty(t, first.Differences)
	require.Equal(t, office, newest.DeviceID)
	require.Empty(t, newest.DeviceName)
	require.Equal(t, "Till", first.DeviceName)
	require.True(t, newest.ModifiedAt.Equal(clock.Add(time.Minute)))
	require.True(t, newest.ReceivedAt.Equal(clock.Add(time.Hour)))
	require.Equal(t, `{"name":"kg"}`, first.Data)
	require.Equal(t, 1, v.count(`SELECT count(*)::int FROM records WHERE organization_id = $1 AND encode(chain, 'hex') = $2`, newest.Chain))
	require.Equal(t, 1, v.count(`SELECT count(*)::int FROM record_history WHERE organization_id = $1 AND encode(chain, 'hex') = $2`, first.Chain))
}

func TestADeletedRecordThatComesBackIsComparedWithWhatItWas(t *testing.T) {
	v := newOutlet(t)
	device, id := uuid.New(), uuid.New()
	v.push(device, writeOff(id, "broken", clock))
	v.push(device, deletion("write_off", id, clock.Add(time.Minute)))
	require.Equal(t, "2 deleted, 1 created", told(v.versions("write_off", id)))
	restored := writeOff(id, "eaten", clock.Add(time.Hour))
	v.push(device, restored)
	history := v.versions("write_off", id)
	require.Equal(t, "3 restored, 2 deleted, 1 created", told(history))
	require.Contains(t, history.Versions[0].Differences, record.Difference{Field: "note", Operation: record.Changed, Before: `"broken"`, After: `"eaten"`})
	require.Empty(t, history.Versions[1].Differences)

	page, err := v.tryVersions("write_off", id, "", 1)
	require.NoError(t, err)
	require.Equal(t, history.Versions[:1], page.Versions, "a page knows what lies before it")
}

func TestVersionsThatWereCutOffAreSaid(t *testing.T) {
	v := newOutlet(t)
	device, id := uuid.New(), uuid.New()
	for i, name := range []string{"1", "2", "3"} {
		v.at(clock.Add(time.Duration(i)*time.Hour)).push(device, unit(id, name, clock.Add(time.Duration(i)*time.Minute)))
	}
	v.purgeAfter(sync.Retention + 90*time.Minute)
	history := v.versions("unit", id)
	require.Equal(t, "3 changed, 2 unknown", told(history))
	require.EqualValues(t, 1, history.Cut)
	require.EqualValues(t, 2, history.Total)
	require.Empty(t, history.Versions[1].Differences)
}

func TestPagesOfVersionsNeitherRepeatNorMissAny(t *testing.T) {
	v := newOutlet(t)
	device, id := uuid.New(), uuid.New()
	for i := range 7 {
		v.push(device, unit(id, fmt.Sprint(i), clock.Add(time.Duration(i)*time.Minute)))
	}
	all := v.versions("unit", id).Versions
	require.Len(t, all, 7)
	for limit := 1; limit <= 8; limit++ {
		var read []sync.Version
		for after, more := "", true; more; {
			page, err := v.tryVersions("unit", id, after, limit)
			require.NoError(t, err)
			require.LessOrEqual(t, len(page.Versions), limit)
			read, after, more = append(read, page.Versions...), page.NextCursor, page.NextCursor != ""
		}
		require.Equal(t, all, read, "pages of %d", limit)
	}
}

func TestAPageOfLongVersionsEndsEarlier(t *testing.T) {
	v := newOutlet(t)
	device, id := uuid.New(), uuid.New()
	long := strings.Repeat("x", 2_000)
	lines := make([]sent, 110) // 220 KB
	for i := range lines {
		lines[i] = sent{"product_id": uuid.New(), "quantity": 1, "note": long}
	}
	for i := range 20 {
		at := clock.Add(time.Duration(i) * time.Minute)
		v.push(device, sent{"kind": "write_off", "id": id, "modified_at": at, "data": sent{
			"number": fmt.Sprint(i), "occurred_at": clock, "warehouse_id": device, "lines": lines}})
	}
	page, err := v.tryVersions("write_off", id, "", 100)
	require.NoError(t, err)
	require.NotEmpty(t, page.NextCursor)
	require.NotEmpty(t, page.Versions)
	require.Less(t, len(page.Versions), 15)
	for _, version := range page.Versions {
		require.Len(t, version.Differences, 1)
	}
}

func TestVersionsOfWhatIsNotThereAreNotFound(t *testing.T) {
	mine := newOutlet(t)
	theirs := newOutletIn(mine)
	device, secret, gone := uuid.New(), uuid.New(), uuid.New()
	theirs.push(device, unit(secret, "secret", clock))
	theirs.push(device, unit(secret, "secret too", clock.Add(time.Minute)))
	require.Equal(t, "2 changed, 1 created", told(theirs.versions("unit", secret)))
	mine.push(device, unit(gone, "kg", clock))
	mine.push(device, deletion("unit", gone, clock.Add(time.Minute)))
	mine.purgeAfter(longAfter)
	for name, of := range map[string]struct {
		kind string
		id   uuid.UUID
	}{
		"nothing": {"unit", uuid.New()}, "another organization's": {"unit", secret}, "purged": {"unit", gone}, "of another kind": {"product", gone},
	} {
		_, err := mine.tryVersions(of.kind, of.id, "", 10)
		require.Equal(t, fault.NotFound, fault.CodeOf(err), name)
	}
}
