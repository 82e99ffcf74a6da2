package sync_test

import (
	"context"
	"fmt"
	stdsync "sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/interpos/cabinet/internal/fault"
	"github.com/interpos/cabinet/internal/pull"
	"github.com/interpos/cabinet/internal/push"
	"github.com/interpos/cabinet/internal/sync"
)

// purgeAfter purges as it is done that long after the clock of the pushes.
func (v outlet) purgeAfter(passed time.Duration) {
	v.Helper()
	require.NoError(v, sync.Purge(context.Background(), v.db, clock.Add(passed)))
}

// at is the outlet when its server's clock shows another time.
func (v outlet) at(now time.Time) outlet {
	v.cabinet = newCabinet(v.db, func() time.Time { return now })
	return v
}

const longAfter = sync.Retention + time.Second

func deletion(kind string, id uuid.UUID, at time.Time) sent {
	return sent{"kind": kind, "id": id, "modified_at": at, "deleted": true}
}

func writeOff(id uuid.UUID, note string, at time.Time) sent {
	return sent{"kind": "write_off", "id": id, "modified_at": at, "data": sent{
		"number": "1", "occurred_at": clock, "warehouse_id": uuid.New(), "note": note,
		"lines": []sent{{"product_id": uuid.New(), "quantity": 1}}}}
}

// tryRead reads one page.
func (v outlet) tryRead(cursor string, limit int) (page, error) {
	return v.pull(pull.Request{Cursor: cursor, Limit: limit})
}

func TestTombstonesOfDirectoriesArePurgedWhenTheirTimeIsOver(t *testing.T) {
	v := newOutlet(t)
	device, gone, kept, document := uuid.New(), uuid.New(), uuid.New(), uuid.New()
	v.push(device, unit(gone, "kg", clock), unit(kept, "l", clock), writeOff(document, "", clock))
	v.push(device, deletion("unit", gone, clock.Add(time.Minute)), deletion("write_off", document, clock.Add(time.Minute)))
	before := v.digest()

	v.purgeAfter(sync.Retention - time.Second)
	changes, _ := v.read("")
	require.Len(t, changes, 3, "their time is not over")

	v.purgeAfter(longAfter)
	changes, _ = v.read("")
	require.Len(t, changes, 2)
	require.Equal(t, kept, changes[0].ID, "what lives stays, however old")
	require.Equal(t, document, changes[1].ID, "a deleted document stays, with its history")
	require.Len(t, v.history(document), 2)
	require.Empty(t, v.history(gone), "and what it was is forgotten")
	require.NotEqual(t, before, v.digest(), "a purged tombstone is in no digest")
	flaws, _ := v.verify()
	require.Empty(t, flaws)
}

func TestACursorThatMissedAPurgedTombstoneHasExpired(t *testing.T) {
	v := newOutlet(t)
	device, gone := uuid.New(), uuid.New()
	v.push(device, unit(gone, "kg", clock), unit(uuid.New(), "l", clock))
	_, behind := v.read("")
	v.push(device, deletion("unit", gone, clock.Add(time.Minute)))
	later := v.at(clock.Add(time.Hour))
	later.push(device, unit(uuid.New(), "more", clock))
	_, upToDate := v.read("")
	for range 3 {
		later.push(device, unit(uuid.New(), "more", clock))
	}
	v.purgeAfter(longAfter)

	_, err := v.tryRead(behind, 10)
	require.Equal(t, fault.CursorExpired, fault.CodeOf(err), "it will never learn of the deletion")
	last, err := v.tryRead(upToDate, 10)
	require.NoError(t, err, "it has seen the tombstone")
	require.Len(t, last.changes, 3)

	page, err := v.tryRead("", 1)
	require.NoError(t, err)
	require.True(t, page.more)
	_, err = v.tryRead(page.cursor, 1)
	require.NoError(t, err, "who begins after the purge reads page by page past it")
}

func TestAReaderThatIsOvertakenByAPurgeBeginsAgain(t *testing.T) {
	v := newOutlet(t)
	device := uuid.New()
	early, late := uuid.New(), uuid.New()
	v.push(device, unit(early, "a", clock), unit(late, "b", clock), unit(uuid.New(), "c", clock))
	page, err := v.tryRead("", 1)
	require.NoError(t, err)
	require.Equal(t, early, page.changes[0].ID)
	v.push(device, deletion("unit", early, clock.Add(time.Minute)))
	v.at(clock.Add(time.Hour)).push(device, unit(uuid.New(), "d", clock)) // a push whose mark stays
	page, err = v.tryRead(page.cursor, 1)
	require.NoError(t, err)
	require.Equal(t, late, page.changes[0].ID)
	v.purgeAfter(longAfter)
	_, err = v.tryRead(page.cursor, 1)
	require.Equal(t, fault.CursorExpired, fault.CodeOf(err), "it holds a record that nobody will tell it to delete")
}

func TestAPurgedRecordThatComesAgainIsANewOne(t *testing.T) {
	v := newOutlet(t)
	device, id := uuid.New(), uuid.New()
	v.push(device, unit(id, "kg", clock))
	v.push(device, deletion("unit", id, clock.Add(time.Minute)))
	require.Equal(t, []push.Status{push.Stale}, statuses(v.push(device, unit(id, "kg", clock))), "the tombstone still knows")
	v.purgeAfter(longAfter)
	results := v.push(device, unit(id, "kg", clock))
	require.Equal(t, []push.Status{push.Applied}, statuses(results))
	require.EqualValues(t, 1, results[0].Version)
	flaws, _ := v.verify()
	require.Empty(t, flaws)
}

func TestATombstoneWaitsForTheProjections(t *testing.T) {
	v := newOutlet(t)
	device, id := uuid.New(), uuid.New()
	v.push(device, unit(id, "kg", clock))
	v.push(device, deletion("unit", id, clock.Add(time.Minute)))
	v.tamper(`INSERT INTO projection_cursors (organization_id, generation, state, epoch, seq, shape, time_zone, currency, day_starts_at)
		VALUES ($1, 1, 'live', $2, 1, 1, 'UTC', 'RUB', 0)`, uuid.New())
	v.purgeAfter(longAfter)
	require.Len(t, v.history(id), 1, "the lists still show the record")
	v.tamper(`UPDATE projection_cursors SET seq = 2 WHERE organization_id = $1`)
	v.purgeAfter(longAfter)
	require.Empty(t, v.history(id))
}

func TestHistoryOfDirectoriesExpiresAndStillVerifies(t *testing.T) {
	v := newOutlet(t)
	device, id, document := uuid.New(), uuid.New(), uuid.New()
	for i := range 3 {
		at := clock.Add(time.Duration(i) * time.Minute)
		v.push(device, unit(id, fmt.Sprint(i), at), writeOff(document, fmt.Sprint(i), at))
	}
	recent := v.at(clock.Add(time.Hour))
	recent.push(device, unit(id, "3", clock.Add(time.Hour)))
	recent.push(device, unit(id, "4", clock.Add(2*time.Hour)))

	v.purgeAfter(longAfter)
	var versions []int64
	for _, kept := range v.history(id) {
		versions = append(versions, kept.Version)
	}
	require.Equal(t, []int64{3, 4, 5}, versions, "version 3 was replaced an hour later")
	require.Len(t, v.history(document), 3, "documents keep theirs for good")
	flaws, _ := v.verify()
	require.Empty(t, flaws)

	v.purgeAfter(longAfter + time.Hour)
	require.Len(t, v.history(id), 1)
	v.push(uuid.MustParse("ffffffff-ffff-4fff-8fff-ffffffffffff"), unit(id, "4", clock.Add(3*time.Hour))) // a later time goes on from the cut
	flaws, _ = v.verify()
	require.Empty(t, flaws)
	v.tamper(`UPDATE history_cuts SET version = 3 WHERE organization_id = $1`)
	flaws, _ = v.verify()
	require.Equal(t, []string{"4: missing"}, flaws)
	v.tamper(`UPDATE history_cuts SET version = 4, chain = sha256(chain) WHERE organization_id = $1`)
	flaws, _ = v.verify()
	require.Equal(t, []string{"5: " + badChain}, flaws)
}

func TestTheHistoryOfADocumentIsNeverCut(t *testing.T) {
	v := newOutlet(t)
	device, id := uuid.New(), uuid.New()
	v.push(device, writeOff(id, "1", clock))
	v.push(device, writeOff(id, "2", clock.Add(time.Minute)))
	v.tamper(`INSERT INTO history_cuts SELECT organization_id, kind, id, version, chain FROM record_history WHERE organization_id = $1`)
	v.tamper(`DELETE FROM record_history WHERE organization_id = $1`)
	flaws, _ := v.verify()
	require.Equal(t, []string{"1: the history of a document is cut off here, which never happens"}, flaws)
}

func TestMarksOfOldPushesExpireButTheNewest(t *testing.T) {
	v := newOutlet(t)
	device := uuid.New()
	v.push(device, unit(uuid.New(), "kg", clock))
	_, old := v.read("")
	v.push(device, unit(uuid.New(), "l", clock))
	_, newest := v.read("")
	v.purgeAfter(longAfter)
	require.Equal(t, 1, v.count(`SELECT count(*)::int FROM feed_marks WHERE organization_id = $1`))
	_, err := v.tryRead(old, 10)
	require.Equal(t, fault.CursorExpired, fault.CodeOf(err))
	_, err = v.tryRead(newest, 10)
	require.NoError(t, err)
}

// A follower that keeps what the feed tells it, and begins anew where it is told
// to, ends with the feed's records, whatever is purged meanwhile.
func TestPurgesPushesAndPullsAtOnce(t *testing.T) {
	v := newOutlet(t)
	const records, rounds = 200, 30
	ids := make([]uuid.UUID, records)
	for i := range ids {
		ids[i] = uuid.New()
	}
	var working stdsync.WaitGroup
	var expired atomic.Int64
	done := make(chan struct{})
	working.Go(func() {
		defer close(done)
		device := uuid.New()
		for round := 0; round < rounds || expired.Load() == 0 && round < 100*rounds; round++ {
			changes := make([]sent, 0, records)
			for i, id := range ids {
				at := clock.Add(time.Duration(round) * time.Second)
				if (i+round)%3 == 0 {
					changes = append(changes, deletion("unit", id, at))
				} else {
					changes = append(changes, unit(id, fmt.Sprint(round), at))
				}
			}
			if _, _, err := v.tryPush(device, changes...); err != nil {
				t.Error(err)
			}
		}
	})
	working.Go(func() {
		for running := true; running; {
			select {
			case <-done:
				running = false
			default:
			}
			if err := sync.Purge(context.Background(), v.db, clock.Add(longAfter)); err != nil {
				t.Error(err)
			}
		}
	})

	held, cursor := map[uuid.UUID]string{}, ""
	follow := func() (more bool) {
		page, err := v.tryRead(cursor, 50)
		if fault.Is(err, fault.CursorExpired) {
			expired.Add(1)
			clear(held)
			cursor = ""
			return true
		}
		require.NoError(t, err)
		for _, change := range page.changes {
			if held[change.ID] = string(change.Data); change.Deleted {
				delete(held, change.ID)
			}
		}
		cursor = page.cursor
		return page.more
	}
	for running := true; running; follow() {
		select {
		case <-done:
			running = false
		default:
		}
	}
	working.Wait()
	for follow() {
	}
	require.NotZero(t, expired.Load(), "no purge overtook the reader: nothing was tried")
	stored, _ := v.read("")
	want := map[uuid.UUID]string{}
	for _, r := range stored {
		require.False(t, r.Deleted, "a tombstone whose time is over")
		want[r.ID] = string(r.Data)
	}
	require.Equal(t, want, held)
	flaws, _ := v.verify()
	require.Empty(t, flaws)
}
