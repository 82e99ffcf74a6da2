package sync_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	stdsync "sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/interpos/cabinet/internal/db"
	"github.com/interpos/cabinet/internal/db/dbtest"
	"github.com/interpos/cabinet/internal/fault"
	"github.com/interpos/cabinet/internal/pull"
	"github.com/interpos/cabinet/internal/push"
	"github.com/interpos/cabinet/internal/sync"
)

// venue is one organization with its feed, and devices that push into it.
type venue struct {
	*testing.T
	cabinet
	db           *db.DB
	organization uuid.UUID
}

var clock = time.Date(2026, 5, 25, 12, 0, 0, 0, time.UTC)

func atClock() time.Time { return clock }

// cabinet is the side of a server process that feeds, pushes and pulls meet.
type cabinet struct {
	feed     *sync.Feed
	receiver *push.Receiver
	sender   *pull.Sender
}

func newCabinet(database *db.DB, now func() time.Time) cabinet {
	feed := sync.New(database, now, func(uuid.UUID) {})
	return cabinet{feed, push.New(database, feed, now), pull.New(database, feed, nil)}
}

func newVenue(t *testing.T) venue {
	t.Helper()
	database := dbtest.New(t)
	return venue{t, newCabinet(database, atClock), database, dbtest.Organization(t, database)}
}

// newVenueIn makes another organization in the venue's database.
func newVenueIn(v venue) venue {
	v.Helper()
	v.organization = dbtest.Organization(v, v.db)
	return v
}

type sent map[string]any

// unit is a change of a unit of measurement, the smallest kind there is.
func unit(id uuid.UUID, name string, at time.Time) sent {
	return sent{"kind": "unit", "id": id, "modified_at": at.Format(time.RFC3339Nano), "data": sent{"name": name}}
}

func (s sent) with(key string, value any) sent {
	s[key] = value
	return s
}

func (v venue) push(device uuid.UUID, changes ...sent) []push.Result {
	v.Helper()
	results, _, err := v.tryPush(device, changes...)
	require.NoError(v, err)
	return results
}

func (v venue) tryPush(device uuid.UUID, changes ...sent) ([]push.Result, sync.Position, error) {
	return v.pushFrom("", device, changes...)
}

// pushFrom pushes with the cursor up to which the device knows the feed.
func (v venue) pushFrom(cursor string, device uuid.UUID, changes ...sent) ([]push.Result, sync.Position, error) {
	body, err := json.Marshal(map[string]any{"device_id": device, "changes": changes, "cursor": cursor})
	if err != nil {
		return nil, sync.Position{}, err
	}
	read, err := push.Decode(body)
	if err != nil {
		return nil, sync.Position{}, err
	}
	return v.receiver.Push(context.Background(), v.organization, read)
}

// page is what a pull answers.
type page struct {
	changes []sync.Record
	cursor  string
	more    bool
}

// pull reads a page of the feed, as lines.
func (v venue) pull(request pull.Request) (read page, err error) {
	var body bytes.Buffer
	request.Lines = true
	count, err := v.sender.Send(context.Background(), v.organization, request, func(chunk []byte) error {
		body.Write(chunk)
		return nil
	})
	if err != nil {
		return page{}, err
	}
	for line := range bytes.Lines(body.Bytes()) {
		var l struct {
			sync.Record
			ModifiedAt time.Time       `json:"modified_at"`
			DeviceID   uuid.UUID       `json:"device_id"`
			Data       json.RawMessage `json:"data"`
			Cursor     *string
			More       bool
		}
		require.NoError(v, json.Unmarshal(line, &l), "%s", line)
		if l.Cursor != nil {
			read.cursor, read.more = *l.Cursor, l.More
			continue
		}
		l.Record.ModifiedAt, l.Record.DeviceID, l.Record.Data = l.ModifiedAt, l.DeviceID, l.Data
		read.changes = append(read.changes, l.Record)
	}
	require.Len(v, read.changes, count)
	return read, nil
}

// read pulls from a cursor to the end.
func (v venue) read(cursor string) (changes []sync.Record, next string) {
	v.Helper()
	for {
		page, err := v.pull(pull.Request{Cursor: cursor, Limit: 7})
		require.NoError(v, err)
		changes, cursor = append(changes, page.changes...), page.cursor
		if !page.more {
			return changes, cursor
		}
	}
}

func statuses(results []push.Result) []push.Status {
	list := make([]push.Status, len(results))
	for i, r := range results {
		list[i] = r.Status
	}
	return list
}

func TestPromise1AReaderNeverMeetsANumberBelowOneItHasSeen(t *testing.T) {
	v := newVenue(t)
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
	v := newVenue(t)
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
	v := newVenue(t)
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
	v := newVenue(t)
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
	v := newVenue(t)
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
	v := newVenue(t)
	device, bad := uuid.New(), uuid.New()
	results := v.push(device,
		unit(uuid.New(), "kg", clock),
		unit(bad, "", clock),
		unit(uuid.New(), "future", clock.Add(25*time.Hour)),
		unit(uuid.New(), "l", clock).with("kind", "spaceship"),
		unit(uuid.New(), "nul\x00", clock),
		unit(uuid.New(), "l", clock),
		sent{"kind": "unit", "id": "17", "modified_at": clock, "data": sent{"name": "no uuid"}})
	require.Equal(t, []push.Status{
		push.Applied, push.Rejected, push.Rejected, push.Rejected, push.Rejected, push.Applied, push.Rejected,
	}, statuses(results))
	require.Equal(t, []string{"", "required", "clock_ahead", "unknown_kind", "nul_character", "", "uuid"}, codes(results))

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
		v := newVenueOn(t)
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

var sharedVenue stdsync.Map // one database for the many orders of a test

func newVenueOn(t *testing.T) venue {
	t.Helper()
	found, ok := sharedVenue.Load(t.Name())
	if !ok {
		found = newVenue(t)
		sharedVenue.Store(t.Name(), found)
	}
	v := found.(venue)
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
	v := newVenue(t)
	device, id := uuid.New(), uuid.New()
	v.push(device, unit(id, "one", clock))
	require.Equal(t, []push.Status{push.Applied}, statuses(v.push(device, unit(id, "two", clock).with("base_version", 1))))
	results := v.push(device, unit(id, "three", clock.Add(time.Hour)).with("base_version", 1))
	require.Equal(t, []push.Status{push.Conflict}, statuses(results))
	require.EqualValues(t, 2, results[0].Version)
	require.JSONEq(t, `{"name":"two"}`, string(results[0].Current.Data))
}

func TestPromise6AnotherOrganizationsFeedIsOutOfReach(t *testing.T) {
	mine := newVenue(t)
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
	v := newVenue(t)
	_, cursor := v.read("")
	other := v
	other.cabinet = newCabinet(v.db, atClock)
	for name, reader := range map[string]venue{"same process": v, "another process": other} {
		t.Run(name, func(t *testing.T) {
			time.AfterFunc(100*time.Millisecond, func() { v.push(uuid.New(), unit(uuid.New(), "kg", clock)) })
			start := time.Now()
			page, err := reader.pull(pull.Request{Cursor: cursor, Limit: 10, Wait: 5 * time.Minute})
			require.NoError(t, err)
			require.Len(t, page.changes, 1)
			require.Less(t, time.Since(start), 10*time.Second)
			cursor = page.cursor
		})
	}
}
