package send

import (
	"slices"
	"time"

	"github.com/interpos/cabinet/internal/agent/extract"
	"github.com/interpos/cabinet/internal/agent/state"
	"github.com/interpos/cabinet/internal/client"
)

// mostAhead is how far ahead of the cabinet's clock a change may be. Beyond it the
// cabinet rejects it, as clock_ahead.
const mostAhead = 24 * time.Hour

// envelope is more than what stands around a change's data, in bytes.
const envelope = 300

// batch is what one push carries, with what to remember of it.
type batch struct {
	rows    int // read for it
	changes []client.Change
	records []state.Record // of the changes, in their order
	before  []state.Record // what was remembered of each
	bytes   int
}

// isFull says whether another change would be more than the cabinet takes at once.
func (b *batch) isFull(next *client.Change, limits client.Limits) bool {
	size := len(next.Data) + envelope
	return len(b.changes) > 0 && (b.bytes+size > limits.MaxBytes || len(b.changes) == limits.MaxChanges)
}

func (b *batch) addChange(change client.Change, r *extract.Record, before state.Record) {
	b.changes = append(b.changes, change)
	b.records = append(b.records, state.Record{
		ID: r.ID, Key: r.Key, Hash: r.Hash[:], ModifiedAt: change.ModifiedAt, Deleted: r.Deleted, Version: before.Version,
	})
	b.before = append(b.before, before)
	b.bytes += len(change.Data) + envelope
}

// appendUpon takes a change of another batch, now made upon another version.
func (b *batch) appendUpon(other *batch, i int, version int64) {
	change := other.changes[i]
	change.BaseVersion = &version
	b.changes = append(b.changes, change)
	b.records = append(b.records, other.records[i])
	b.before = append(b.before, other.before[i])
}

// splitHalves are two batches of what one holds.
func (b *batch) splitHalves() [2]batch {
	middle := len(b.changes) / 2
	return [2]batch{
		{changes: b.changes[:middle], records: b.records[:middle], before: b.before[:middle]},
		{changes: b.changes[middle:], records: b.records[middle:], before: b.before[middle:]},
	}
}

// unansweredRecords is what is to be remembered of a batch whose answer never comes. A time
// that the cabinet cannot have taken is left out, since what comes after would have to be
// later still; the content with it, since it never had the time before.
func (b *batch) unansweredRecords(now time.Time) []state.Record {
	records := slices.Clone(b.records)
	for i := range records {
		if records[i].ModifiedAt.After(now.Add(mostAhead)) {
			records[i].ModifiedAt, records[i].Hash = b.before[i].ModifiedAt, contentAt(b.before[i])
		}
	}
	return records
}

// otherContent is remembered in the place of a hash where no content that the source may
// have is known to be the one of the time beside it.
var otherContent = []byte{0}

// contentAt is the hash of the content that a record had at its time. What the cabinet did not
// take (it waits for a clock to be set right, or was rejected) has never had it: sent
// with that time, it would be a second content of one moment, and may lose.
func contentAt(r state.Record) []byte {
	if r.Status == state.Accepted || r.Status == state.Unanswered || r.ModifiedAt.IsZero() {
		return append([]byte{}, r.Hash...)
	}
	return otherContent
}

// applyAnswer takes what the cabinet said into what is remembered of a record. What
// it did not take leaves the time of the state that it has.
func (b *batch) applyAnswer(i int, result client.Result) {
	r := &b.records[i]
	r.Code, r.Errors = result.Code, result.Errors
	if result.Version > 0 {
		r.Version = result.Version
	}
	switch {
	case result.Status == client.Applied || result.Status == client.Unchanged:
		r.Status = state.Accepted
		return
	case result.Status == client.LicenseRequired || isClockAhead(result):
		r.Status = state.Waiting
	case result.Status == client.Rejected:
		r.Status = state.Rejected
	default:
		r.Status = state.Stale
	}
	r.ModifiedAt = b.before[i].ModifiedAt
}

// isClockAhead is the one rejection that time heals.
func isClockAhead(result client.Result) bool {
	return result.Code == client.ClockAhead || slices.ContainsFunc(result.Errors, func(e client.FieldError) bool { return e.Code == client.ClockAhead })
}
