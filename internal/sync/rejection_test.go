package sync_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/interpos/cabinet/internal/db"
	"github.com/interpos/cabinet/internal/fault"
	"github.com/interpos/cabinet/internal/push"
	"github.com/interpos/cabinet/internal/sync"
)

// badUnits are units whose names are no texts.
func badUnits(count int) []sent {
	changes := make([]sent, count)
	for i := range changes {
		changes[i] = badUnit(uuid.New(), clock)
	}
	return changes
}

func countKept(results []push.Result) (count int) {
	for _, r := range results {
		if r.Kept {
			count++
		}
	}
	return count
}

func (v outlet) overview() sync.Overview {
	v.Helper()
	o, err := v.feed.Overview(context.Background(), v.organization)
	require.NoError(v, err)
	return o
}

func TestSoManyRejectionsAreKeptOfAnOrganizationAndNoMore(t *testing.T) {
	v := newOutlet(t)
	device, first := uuid.New(), badUnits(sync.MaxChanges)
	require.Equal(t, sync.MaxChanges, countKept(v.push(device, first...)))
	require.Equal(t, sync.MaxChanges-3, countKept(v.push(device, badUnits(sync.MaxChanges-3)...)))
	require.False(t, v.overview().Full)

	further := append(badUnits(5), unit(uuid.New(), "kg", clock), first[0])
	results := v.push(device, further...)
	require.Equal(t, []bool{true, true, true, false, false, false, true}, []bool{
		results[0].Kept, results[1].Kept, results[2].Kept, results[3].Kept, results[4].Kept, results[5].Kept, results[6].Kept,
	}, "in the order sent, as long as there is room; one that is kept already needs none")
	require.Equal(t, []string{"invalid", "invalid", "invalid", "invalid", "invalid", "", "invalid"}, codes(results), "each has its own reason")
	require.Equal(t, push.Applied, results[5].Status, "a good one is not held up")
	o := v.overview()
	require.True(t, o.Full)
	require.Equal(t, sync.MaxRejections, o.Rejections)
	require.Equal(t, 2, v.rejections()[fmt.Sprint(first[0]["id"])].Attempts)

	require.Equal(t, 1, countKept(newOutletIn(v).push(device, badUnits(1)...)), "another organization has its own bound")
	for _, c := range first[:2] {
		c["data"] = sent{"name": "healed"}
	}
	require.Equal(t, 2, countKept(v.push(device, append(first[:2:2], badUnits(3)...)...)), "what heals makes room, in the same push")
	require.NoError(t, v.feed.Dismiss(context.Background(), v.organization, "unit", fmt.Sprint(first[2]["id"])))
	require.False(t, v.overview().Full)
	require.Equal(t, 1, countKept(v.push(device, badUnits(2)...)))
}

func TestRejectionsAreKeptUntilTheyAreSoManyBytes(t *testing.T) {
	v := newOutlet(t)
	device, small := uuid.New(), badUnit(uuid.New(), clock)
	v.push(device, small, badUnit(uuid.New(), clock))
	v.within(func(tx db.Tx) error {
		_, err := tx.Exec(context.Background(), `UPDATE rejections SET size = $2 WHERE record_id <> $1`, small["id"], sync.MaxRejectionBytes-1000)
		return err
	})
	require.False(t, v.overview().Full)
	require.Equal(t, 1, countKept(v.push(device, badUnit(uuid.New(), clock).with("note", strings.Repeat("x", 1000)), badUnit(uuid.New(), clock))),
		"the one that reaches the bound is the last one")
	require.True(t, v.overview().Full)

	require.Equal(t, 1, countKept(v.push(device, small)), "sent again as it was, it needs no room")
	require.Equal(t, 0, countKept(v.push(device, badUnit(small["id"].(uuid.UUID), clock).with("note", "much larger now"))))
	require.NotContains(t, v.sentText(small), "much larger now", "the earlier one stays")
	require.Equal(t, 2, v.rejections()[fmt.Sprint(small["id"])].Attempts)
}

// sentText is the kept change as it was sent.
func (v outlet) sentText(change sent) (text string) {
	v.Helper()
	v.within(func(tx db.Tx) error {
		return tx.QueryRow(context.Background(), `SELECT sent FROM rejections WHERE record_id = $1`, change["id"]).Scan(&text)
	})
	return text
}

func TestARejectionIsKeptByteForByte(t *testing.T) {
	v := newOutlet(t)
	id := uuid.New()
	change := fmt.Sprintf(`{"kind": "unit", "id": %q,  "modified_at":"yesterday", "base_version": 7, "later": [1.10],
		"data" : {"z":3.14159265358979323846, "name":"", "name":"\u0416", "price": 1.50} }`, strings.ToUpper(id.String()))
	read, err := push.Decode(fmt.Appendf(nil, `{"device_id":%q,"changes":[ %s , {"kind":"unit","id":"7","data":{"b":1, "a":2}}]}`, uuid.New(), change))
	require.NoError(t, err)
	_, _, err = v.receiver.Push(context.Background(), v.organization, read)
	require.NoError(t, err)
	require.Equal(t, change, strings.TrimSpace(v.sentText(sent{"id": id.String()})))
	list := v.rejections()
	require.Equal(t, `{"z":3.14159265358979323846, "name":"", "name":"\u0416", "price": 1.50}`, string(list[id.String()].Data))
	require.Equal(t, `{"b":1, "a":2}`, string(list["7"].Data))

	v.push(uuid.New(), unit(id, "kg", clock))
	require.NotContains(t, v.rejections(), id.String(), "healed, however its id was spelled")
}

func TestTheLastChangeOfARecordInAPushDecidesWhetherItStaysRejected(t *testing.T) {
	v := newOutlet(t)
	device, worse, better := uuid.New(), uuid.New(), uuid.New()
	results := v.push(device,
		unit(worse, "kg", clock), badUnit(worse, clock.Add(time.Second)), unit(worse, "nul\x00", clock.Add(2*time.Second)),
		badUnit(better, clock), unit(better, "l", clock.Add(time.Second)))
	require.Equal(t, []push.Status{push.Applied, push.Rejected, push.Rejected, push.Rejected, push.Applied}, statuses(results))
	require.Equal(t, 3, countKept(results))
	list := v.rejections()
	require.Len(t, list, 1)
	require.Equal(t, "nul_character", list[worse.String()].Code)
	require.Equal(t, 2, list[worse.String()].Attempts)

	v.push(device, unit(worse, "t", clock.Add(3*time.Second)), badUnit(worse, clock.Add(4*time.Second)))
	require.Equal(t, 1, v.rejections()[worse.String()].Attempts, "the one before has healed: this is another")
}

// What is older than the rejected change says nothing about it.
func TestOnlyWhatIsAsNewHealsARejection(t *testing.T) {
	v := newOutlet(t)
	device, id := uuid.New(), uuid.New()
	good, bad := unit(id, "kg", clock), unit(id, "", clock.Add(time.Hour)).with("data", sent{"name": 7})
	isKept := func() bool { _, kept := v.rejections()[id.String()]; return kept }

	v.push(device, good)
	v.push(device, bad)
	require.Equal(t, []push.Status{push.Unchanged}, statuses(v.push(device, good)))
	require.True(t, isKept(), "the version before, sent again")
	v.push(uuid.New(), unit(id, "l", clock.Add(time.Minute)))
	require.True(t, isKept(), "another version, older than the rejected one")
	require.Equal(t, []push.Status{push.Unchanged}, statuses(v.push(device, unit(id, "l", clock.Add(time.Hour)))))
	require.False(t, isKept(), "what there is, at the time of the rejected one")

	for name, unknown := range map[string]any{"unreadable": "yesterday", "far ahead": clock.AddDate(10, 0, 0)} {
		again := unit(id, "l", clock.Add(time.Hour))
		v.push(device, unit(id, "m", clock).with("modified_at", unknown))
		v.push(device, again)
		require.True(t, isKept(), "%s: a repeat brings nothing new", name)
	}
	v.push(device, unit(id, "m", clock.Add(2*time.Hour)))
	require.False(t, isKept(), "anything new settles what has no time of its own")

	for name, at := range map[string]any{"later": clock.Add(time.Hour), "unreadable": "yesterday", "far ahead": clock.AddDate(10, 0, 0)} {
		id = uuid.New()
		again := unit(id, "kg", clock)
		v.push(device, again, unit(id, "", clock).with("data", sent{"name": 7}).with("modified_at", at), again)
		require.True(t, isKept(), "%s: in one push", name)
	}
}

func TestAChangeThatNamesNoRecordIsNotKept(t *testing.T) {
	v := newOutlet(t)
	results := v.push(uuid.New(), sent{"kind": "unit", "data": sent{}}, sent{"id": uuid.New()}, badUnit(uuid.New(), clock))
	require.Equal(t, []bool{false, false, true}, []bool{results[0].Kept, results[1].Kept, results[2].Kept})
	require.Len(t, v.rejections(), 1)
}

// A page names its last rejection: what heals or comes while the pages are read neither
// repeats nor hides others.
func TestPagesOfRejectionsNeitherRepeatNorMissAny(t *testing.T) {
	v := newOutlet(t)
	const many = 7
	var want []string
	for minute := range many {
		bad := badUnit(uuid.New(), clock)
		v.at(clock.Add(time.Duration(minute/2)*time.Minute)).push(uuid.New(), bad) // two have the same time
		want = append(want, fmt.Sprint(bad["id"]))
	}
	var read []string
	for cursor, pages := "", 1; ; pages++ {
		page, err := v.feed.Rejections(context.Background(), v.organization, sync.RejectionQuery{Kind: "unit", Cursor: cursor, Limit: 3})
		require.NoError(t, err)
		for _, r := range page.Rejections {
			read = append(read, r.ID)
		}
		if cursor = page.Next; cursor == "" {
			require.Equal(t, 3, pages)
			break
		}
		healed := page.Rejections[len(page.Rejections)-1] // the one that the cursor names
		v.push(uuid.New(), unit(uuid.MustParse(healed.ID), "kg", clock))
		v.at(clock.Add(time.Duration(pages)*time.Hour)).push(uuid.New(), badUnit(uuid.New(), clock))
	}
	require.ElementsMatch(t, want, read)
	_, err := v.feed.Rejections(context.Background(), v.organization, sync.RejectionQuery{Cursor: "3", Limit: 3})
	require.True(t, fault.Is(err, fault.Malformed), "%v", err)
}

// A page of long rejections ends early: it is held in memory whole.
func TestAPageOfLongRejectionsEndsEarly(t *testing.T) {
	v := newOutlet(t)
	const many = 40
	long := strings.Repeat("x", 200_000)
	for range many {
		v.push(uuid.New(), unit(uuid.New(), "", clock).with("data", sent{"name": 7, "note": long}))
	}
	read, pages := 0, 0
	for cursor := ""; ; pages++ {
		page, err := v.feed.Rejections(context.Background(), v.organization, sync.RejectionQuery{Cursor: cursor, Limit: 200})
		require.NoError(t, err)
		size := 0
		for _, r := range page.Rejections {
			size += len(r.Data)
		}
		require.Less(t, size, 2<<20+300_000)
		read += len(page.Rejections)
		if cursor = page.Next; cursor == "" {
			break
		}
	}
	require.Equal(t, many, read)
	require.Greater(t, pages, 1)
}
