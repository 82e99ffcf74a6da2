package sync_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/interpos/cabinet/internal/sync"
)

func TestRecordsAreFoundByTheirIDs(t *testing.T) {
	v := newOutlet(t)
	a, b, gone := uuid.New(), uuid.New(), uuid.New()
	v.push(uuid.New(), unit(a, "kg", clock), unit(b, "l", clock), unit(gone, "g", clock))
	v.push(uuid.New(), sent{"kind": "unit", "id": gone, "modified_at": clock.Add(time.Second), "deleted": true})
	found, err := v.feed.LookUp(t.Context(), v.organization, "unit", []uuid.UUID{gone, uuid.New(), b, b})
	require.NoError(t, err)
	require.Empty(t, found.Remaining)
	feed, _ := v.read("")
	want := slices.DeleteFunc(feed, func(r sync.Record) bool { return r.ID == a })
	require.ElementsMatch(t, inUTC(want), inUTC(found.Records), "as the feed has them, each once, tombstones too")

	found, err = v.feed.LookUp(t.Context(), v.organization, "hall", []uuid.UUID{a})
	require.NoError(t, err)
	require.Empty(t, found.Records, "an id of another kind")
}

func inUTC(records []sync.Record) []sync.Record {
	for i := range records {
		records[i].ModifiedAt = records[i].ModifiedAt.UTC()
	}
	return records
}

// However long the records are, what is held for an answer is bounded, and who asks again for
// what remains gets them all.
func TestALookupOfLongRecordsIsAnsweredInParts(t *testing.T) {
	v := newOutlet(t)
	long, ids := strings.Repeat("я", 100_000), make([]uuid.UUID, 30)
	for i := range ids {
		ids[i] = uuid.New()
		v.push(uuid.New(), unit(ids[i], "kg", clock).with("data", sent{"name": "kg", "from_the_future": long}))
	}
	var met []uuid.UUID
	parts := 0
	for remaining := ids; len(remaining) > 0; parts++ {
		found, err := v.feed.LookUp(t.Context(), v.organization, "unit", remaining)
		require.NoError(t, err)
		size := 0
		for _, r := range found.Records {
			met, size = append(met, r.ID), size+len(r.Data)
		}
		require.Less(t, size, 2<<20+256<<10)
		remaining = found.Remaining
	}
	require.Greater(t, parts, 2)
	require.ElementsMatch(t, ids, met)
}
