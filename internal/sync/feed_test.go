package sync_test

import (
	"context"
	"encoding/json"
	"fmt"
	stdsync "sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/interpos/cabinet/internal/db/dbtest"
	"github.com/interpos/cabinet/internal/fault"
	"github.com/interpos/cabinet/internal/pull"
	"github.com/interpos/cabinet/internal/push"
	"github.com/interpos/cabinet/internal/sync"
)

func TestPromise1AReaderNeverMeetsANumberBelowOneItHasSeen(t *testing.T) {
	v := newOutlet(t)
	const writers, pushes, perPush = 8, 30, 5
	var writing stdsync.WaitGroup
	for range writers {
		writing.Go(func() {
			device := uuid.New()
			for range pushes {
				changes := make([]sent, perPush)
				for i := range changes {
					changes[i] = unit(uuid.New(), "kg", clock)
				}
				if _, _, err := v.tryPush(device, changes...); err != nil {
					t.Error(err)
				}
			}
		})
	}
	done := make(chan struct{})
	go func() { writing.Wait(); close(done) }()

	seen := map[uuid.UUID]bool{}
	var last int64
	cursor := ""
	follow := func() {
		changes, next := v.read(cursor)
		for _, change := range changes {
			require.Greater(t, change.Seq, last, "a number at or below one already seen")
			last, seen[change.ID] = change.Seq, true
		}
		cursor = next
	}
	for running := true; running; follow() {
		select {
		case <-done:
			running = false
		default:
		}
	}
	require.Len(t, seen, writers*pushes*perPush, "the reader missed changes")
}

func TestPromise2ARepeatedPushChangesNothing(t *testing.T) {
	v := newOutlet(t)
	device, id := uuid.New(), uuid.New()
	first := []sent{unit(id, "kg", clock), unit(uuid.New(), "l", clock)}
	require.Equal(t, []push.Status{push.Applied, push.Applied}, statuses(v.push(device, first...)))
	before, _ := v.read("")

	require.Equal(t, []push.Status{push.Unchanged, push.Unchanged}, statuses(v.push(device, first...)))
	require.Equal(t, []push.Status{push.Unchanged}, statuses(v.push(device, first[1])), "a part of it")
	after, _ := v.read("")
	require.Equal(t, before, after)

	v.push(device, unit(id, "kilo", clock.Add(time.Minute)))
	require.Equal(t, []push.Status{push.Stale, push.Unchanged}, statuses(v.push(device, first...)))
}

func TestPromise2RepeatsAtOnceMakeOneRecord(t *testing.T) {
	v := newOutlet(t)
	device := uuid.New()
	changes := make([]sent, 50)
	for i := range changes {
		changes[i] = unit(uuid.New(), fmt.Sprint(i), clock)
	}
	var pushing stdsync.WaitGroup
	for range 8 {
		pushing.Go(func() {
			if _, _, err := v.tryPush(device, changes...); err != nil {
				t.Error(err)
			}
		})
	}
	pushing.Wait()
	stored, _ := v.read("")
	require.Len(t, stored, len(changes))
	for i, r := range stored {
		require.EqualValues(t, 1, r.Version)
		require.EqualValues(t, i+1, r.Seq)
	}
}

func TestPromise3APushAppearsWholeOrNotAtAll(t *testing.T) {
	v := newOutlet(t)
	const perPush = 40
	device := uuid.New()
	ids := make([]uuid.UUID, perPush)
	for i := range ids {
		ids[i] = uuid.New()
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		for round := range 40 {
			changes := make([]sent, perPush)
			for i, id := range ids {
				changes[i] = unit(id, fmt.Sprint("round ", round), clock.Add(time.Duration(round)*time.Second))
			}
			if _, _, err := v.tryPush(device, changes...); err != nil {
				t.Error(err)
			}
		}
	}()
	for running := true; running; {
		select {
		case <-done:
			running = false
		default:
		}
		names := map[string]int{}
		page, err := v.pull(pull.Request{Limit: 1000})
		require.NoError(t, err)
		for _, r := range page.changes {
			names[string(r.Data)]++
		}
		require.LessOrEqual(t, len(names), 1, "two pushes are seen mixed: %v", names)
		for _, count := range names {
			require.Equal(t, perPush, count, "a part of a push is seen")
		}
	}
}

func TestPromise3AFailedPushLeavesNothing(t *testing.T) {
	v := newOutlet(t)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	body, _ := json.Marshal(map[string]any{"device_id": uuid.New(), "changes": []sent{unit(uuid.New(), "kg", clock)}})
	read, err := push.Decode(body)
	require.NoError(t, err)
	_, _, err = v.receiver.Push(ctx, v.organization, read)
	require.Error(t, err)
	stored, _ := v.read("")
	require.Empty(t, stored)
}

func TestPromise4ABadRecordBlocksNobodyAndIsKeptUntilItHeals(t *testing.T) {
	v := newOutlet(t)
	device, bad := uuid.New(), uuid.New()
	results := v.push(device,
		unit(uuid.New(), "kg", clock),
		badUnit(bad, clock),
		unit(uuid.New(), "future", clock.Add(25*time.Hour)),
		unit(uuid.New(), "l", clock).with("kind", "spaceship"),
		unit(uuid.New(), "nul\x00", clock),
		unit(uuid.New(), "l", clock),
		sent{"kind": "unit", "id": "17", "modified_at": clock, "data": sent{"name": "no uuid"}})
	require.Equal(t, []push.Status{
		push.Applied, push.Rejected, push.Rejected, push.Rejected, push.Rejected, push.Applied, push.Rejected,
	}, statuses(results))
	require.Equal(t, []string{"", "invalid", "clock_ahead", "unknown_kind", "nul_character", "", "uuid"}, codes(results))

	kept, err := v.feed.Rejections(context.Background(), v.organization, sync.RejectionQuery{Limit: 50})
	require.NoError(t, err)
	require.Equal(t, 5, kept.Total)
	require.Len(t, kept.Rejections, 5)

	require.Equal(t, []push.Status{push.Applied}, statuses(v.push(device, unit(bad, "healed", clock))))
	kept, err = v.feed.Rejections(context.Background(), v.organization, sync.RejectionQuery{Kind: "unit", Limit: 50})
	require.NoError(t, err)
	require.Equal(t, 3, kept.Total, "the rejection of the healed record is gone")
}

func codes(results []push.Result) []string {
	list := make([]string, len(results))
	for i, r := range results {
		list[i] = r.Code
	}
	return list
}

func TestTheLaterChangeWinsInEveryOrderOfArrival(t *testing.T) {
	id := uuid.New()
	low, high := uuid.MustParse("00000000-0000-4000-8000-000000000001"), uuid.MustParse("f0000000-0000-4000-8000-000000000001")
	type arrival struct {
		device uuid.UUID
		change sent
	}
	arrivals := []arrival{
		{low, unit(id, "a", clock)}, {high, unit(id, "a", clock)}, {low, unit(id, "b", clock)},
		{low, unit(id, "c", clock.Add(-time.Minute))}, {high, sent{"kind": "unit", "id": id, "modified_at": clock.Add(-time.Second), "deleted": true}},
	}
	var want string
	permute(len(arrivals), func(order []int) {
		v := newOutletOn(t)
		for _, i := range order {
			v.push(arrivals[i].device, arrivals[i].change)
		}
		stored, _ := v.read("")
		require.Len(t, stored, 1)
		if want == "" {
			want = string(stored[0].Data)
		}
		require.Equal(t, want, string(stored[0].Data), "order %v", order)
	})
	require.JSONEq(t, `{"name":"a"}`, want)
}

var sharedOutlet stdsync.Map // one database for the many orders of a test

func newOutletOn(t *testing.T) outlet {
	t.Helper()
	found, ok := sharedOutlet.Load(t.Name())
	if !ok {
		found = newOutlet(t)
		sharedOutlet.Store(t.Name(), found)
	}
	v := found.(outlet)
	v.organization = dbtest.Organization(t, v.db)
	return v
}

func permute(n int, visit func([]int)) {
	order := make([]int, n)
	for i := range order {
		order[i] = i
	}
	var step func(int)
	step = func(k int) {
		if k == n {
			visit(order)
			return
		}
		for i := k; i < n; i++ {
			order[k], order[i] = order[i], order[k]
			step(k + 1)
			order[k], order[i] = order[i], order[k]
		}
	}
	step(0)
}

func TestABaseVersionThatIsNotCurrentIsAConflict(t *testing.T) {
	v := newOutlet(t)
	device, id := uuid.New(), uuid.New()
	v.push(device, unit(id, "one", clock))
	require.Equal(t, []push.Status{push.Applied}, statuses(v.push(device, unit(id, "two", clock).with("base_version", 1))))
	results := v.push(device, unit(id, "three", clock.Add(time.Hour)).with("base_version", 1))
	require.Equal(t, []push.Status{push.Conflict}, statuses(results))
	require.EqualValues(t, 2, results[0].Version)
	require.JSONEq(t, `{"name":"two"}`, string(results[0].Current.Data))
}

func TestPromise6AnotherOrganizationsFeedIsOutOfReach(t *testing.T) {
	mine := newOutlet(t)
	theirs := mine
	theirs.organization = dbtest.Organization(t, mine.db)
	device, id := uuid.New(), uuid.New()
	theirs.push(device, unit(id, "secret", clock))
	_, foreign := theirs.read("")

	mine.push(device, unit(id, "same id, other owner", clock.Add(-time.Hour)))
	stored, _ := mine.read("")
	require.Len(t, stored, 1)
	require.JSONEq(t, `{"name":"same id, other owner"}`, string(stored[0].Data))
	stored, _ = theirs.read("")
	require.JSONEq(t, `{"name":"secret"}`, string(stored[0].Data))

	_, err := mine.pull(pull.Request{Cursor: foreign, Limit: 10})
	require.True(t, fault.Is(err, fault.CursorExpired), "%v", err)
}

func TestALongPollIsWokenByAPush(t *testing.T) {
	v := newOutlet(t)
	_, cursor := v.read("")
	other := v
	other.cabinet = newCabinet(v.db, atClock)
	for name, reader := range map[string]outlet{"same process": v, "another process": other} {
		t.Run(name, func(t *testing.T) {
			time.AfterFunc(100*time.Millisecond, func() { v.push(uuid.New(), unit(uuid.New(), "kg", clock)) })
			const wait = 20 * time.Second
			start := time.Now()
			page, err := reader.pull(pull.Request{Cursor: cursor, Limit: 10, Wait: wait})
			require.NoError(t, err)
			require.Len(t, page.changes, 1)
			require.Less(t, time.Since(start), wait, "the push has woken it")
			cursor = page.cursor
		})
	}
}
