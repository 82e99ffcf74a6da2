package agent

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"
	"golang.org/x/sync/errgroup"

	"github.com/interpos/cabinet/internal/agent/extract"
	"github.com/interpos/cabinet/internal/agent/mapping"
	"github.com/interpos/cabinet/internal/agent/source"
	"github.com/interpos/cabinet/internal/agent/state"
	"github.com/interpos/cabinet/internal/canonical"
	"github.com/interpos/cabinet/internal/client"
)

// batchSize is how many rows are read in one transaction and sent at once.
const batchSize = 1000

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

// send reads the rows with these keys and pushes what the cabinet does not
// have yet: while one batch is on its way, the next is read.
func (r *reading) send(ctx context.Context, keys []source.Value, again map[uuid.UUID]bool) error {
	group, ctx := errgroup.WithContext(ctx)
	batches := make(chan batch, 1)
	group.Go(func() error {
		defer close(batches)
		for some := range slices.Chunk(keys, batchSize) {
			if err := r.prepare(ctx, some, again, batches); err != nil {
				return err
			}
		}
		return nil
	})
	group.Go(func() error {
		for b := range batches {
			if err := r.push(ctx, b); err != nil {
				return err
			}
		}
		return nil
	})
	return group.Wait()
}

// prepare makes the batches of some keys: one, unless it would be too large.
func (r *reading) prepare(ctx context.Context, keys []source.Value, again map[uuid.UUID]bool, batches chan<- batch) error {
	handed, err := r.handedBefore(ctx, keys)
	if err != nil {
		return err
	}
	records, err := r.extractor.Read(ctx, keys)
	if err != nil {
		return sourceError{err}
	}
	moving := r.underway.records(r.kind.Record.Name)
	known, err := r.known(ctx, idsOf(records))
	if err != nil {
		return err
	}
	limits := r.welcome.Limits
	current := batch{rows: len(keys)}
	for i := range records {
		before, sent := known[records[i].ID]
		if sent && before.Same(records[i].Hash) && !again[records[i].ID] {
			continue
		}
		if r.kind.Record.Shared && (moving[records[i].ID] || r.handed[records[i].ID] != handed[records[i].ID]) {
			continue // the next look at everything knows what the row is made from
		}
		change := r.change(&records[i], before, sent)
		size := len(change.Data) + envelope
		if len(current.changes) > 0 && (current.bytes+size > limits.MaxBytes || len(current.changes) == limits.MaxChanges) {
			if err := pass(ctx, batches, current); err != nil {
				return err
			}
			current = batch{}
		}
		current.add(change, &records[i], before)
	}
	return pass(ctx, batches, current)
}

// handedBefore gives, of a kind that several sides write, what the rows with these keys
// were handed last, as it is before they are read.
func (r *reading) handedBefore(ctx context.Context, keys []source.Value) (map[uuid.UUID]state.Handed, error) {
	if !r.kind.Record.Shared {
		return nil, nil
	}
	ids := make([]uuid.UUID, 0, len(keys))
	for _, key := range keys {
		if id, err := r.extractor.ID(key); err == nil { // else the reading says it
			ids = append(ids, id)
		}
	}
	return r.state.Handed(ctx, r.kind.Record.Name, ids)
}

func pass(ctx context.Context, batches chan<- batch, b batch) error {
	select {
	case batches <- b:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (b *batch) add(change client.Change, r *extract.Record, before state.Record) {
	b.changes = append(b.changes, change)
	b.records = append(b.records, state.Record{
		ID: r.ID, Key: r.Key, Hash: r.Hash[:], ModifiedAt: change.ModifiedAt, Deleted: r.Deleted, Version: before.Version,
	})
	b.before = append(b.before, before)
	b.bytes += len(change.Data) + envelope
}

func idsOf(records []extract.Record) []uuid.UUID {
	ids := make([]uuid.UUID, len(records))
	for i := range records {
		ids[i] = records[i].ID
	}
	return ids
}

// known gives those that were sent before. Of a kind that several sides write, it
// also learns which versions of them the source was handed.
func (r *reading) known(ctx context.Context, ids []uuid.UUID) (map[uuid.UUID]state.Record, error) {
	if r.kind.Record.Shared {
		var err error
		if r.handed, err = r.state.Handed(ctx, r.kind.Record.Name, ids); err != nil {
			return nil, err
		}
	}
	return r.state.Known(ctx, r.kind.Record.Name, ids)
}

func (r *reading) change(now *extract.Record, before state.Record, sent bool) client.Change {
	at := r.modifiedAt(now, before, sent)
	if there, ok := r.there[now.ID]; ok && there.Equal(at) {
		at = at.Add(time.Millisecond)
	}
	change := client.Change{Kind: r.kind.Record.Name, ID: now.ID, Deleted: now.Deleted, Data: now.Data, ModifiedAt: at}
	if base := max(before.Version, r.handed[now.ID].Version); r.kind.Record.Shared && base > 0 {
		change.BaseVersion = &base
	}
	return change
}

// hands says whether what others make of this kind is handed over to the source.
func (r *reading) hands() bool {
	return slices.ContainsFunc(r.plan.Receive, func(to mapping.Receive) bool { return to.Record == r.kind.Record })
}

// modifiedAt is the row's change mark; without one, the time at which the
// change was seen. Content that changed under the same mark (another mapping,
// a till that forgets to move it) must still win over what was sent before.
func (r *reading) modifiedAt(now *extract.Record, before state.Record, sent bool) time.Time {
	at := now.ModifiedAt
	if at.IsZero() {
		at = r.now()
	}
	at = at.UTC().Truncate(time.Microsecond)
	if !sent || at.After(before.ModifiedAt) {
		return at
	}
	repeats := before.Same(now.Hash) || len(before.Hash) == 0
	if repeats && (before.InCabinet() || before.Status == state.Unanswered) {
		return before.ModifiedAt
	}
	return before.ModifiedAt.Add(time.Millisecond)
}

// delete pushes deletions.
func (r *reading) delete(ctx context.Context, gone []state.Record) error {
	for some := range slices.Chunk(gone, batchSize) {
		ids := make([]uuid.UUID, len(some))
		for i := range some {
			ids[i] = some[i].ID
		}
		if _, err := r.known(ctx, ids); err != nil {
			return err
		}
		var b batch
		for _, known := range some {
			dead := extract.Record{ID: known.ID, Key: known.Key, Deleted: true, Hash: canonical.Hash(known.ID, true, []byte(canonical.Tombstone))}
			if known.Deleted {
				dead.ModifiedAt = known.ModifiedAt
			}
			b.add(r.change(&dead, known, true), &dead, known)
		}
		if err := r.push(ctx, b); err != nil {
			return err
		}
	}
	return nil
}

// push sends a batch until it is acknowledged, and only then remembers it.
func (r *reading) push(ctx context.Context, b batch) error {
	if len(b.changes) > 0 {
		if err := r.deliver(ctx, b); err != nil {
			return err
		}
	}
	r.totals.Read += b.rows
	r.Progress.Advance(b.rows, len(b.changes))
	return nil
}

func (r *reading) deliver(ctx context.Context, b batch) error {
	if err := r.state.Sending(ctx, r.kind.Record.Name, b.onItsWay(r.now())); err != nil {
		return err
	}
	var pushed client.Pushed
	err := r.call(ctx, func(ctx context.Context) (err error) {
		pushed, err = r.cabinet.PushFrom(ctx, r.cursor, r.config.DeviceID, b.changes, client.Compact)
		return err
	})
	if client.IsCode(err, "too_large") {
		return r.halve(ctx, b)
	}
	if err != nil {
		return explain(err)
	}
	if len(pushed.Results) != len(b.changes) {
		return fmt.Errorf("the cabinet answered %d results to %d changes", len(pushed.Results), len(b.changes))
	}
	r.cursor = pushed.Cursor
	settled, lost, err := r.settle(ctx, &b, pushed.Results)
	if err != nil {
		return err
	}
	if err := r.state.Acknowledge(ctx, r.kind.Record.Name, settled, r.cursor); err != nil || len(lost.changes) == 0 {
		return err
	}
	return r.deliver(ctx, lost)
}

// settle takes the answers into what is remembered of a batch. lost are the changes of a
// record of which the feed has gone back to an older state, and no longer knows the version
// that they were made from: they are to be sent once more, upon that state.
func (r *reading) settle(ctx context.Context, b *batch, results []client.Result) (settled []state.Record, lost batch, err error) {
	behind, err := r.wentBack(ctx, b, results)
	if err != nil {
		return nil, lost, err
	}
	for i, result := range results {
		if behind[b.records[i].ID] {
			change := b.changes[i]
			change.BaseVersion = &result.Current.Version
			lost.changes, lost.records, lost.before = append(lost.changes, change), append(lost.records, b.records[i]), append(lost.before, b.before[i])
			continue
		}
		if result.Status == client.Conflict {
			result = r.conflict(&b.records[i], result)
		}
		b.answer(i, result)
		r.totals.count(&b.records[i], result.Status)
		settled = append(settled, b.records[i])
	}
	return settled, lost, nil
}

// wentBack finds the conflicts with a state that is older than the change, and is no news to
// the source: it made that itself, or was handed it or a later one, or is handed nothing.
func (r *reading) wentBack(ctx context.Context, b *batch, results []client.Result) (map[uuid.UUID]bool, error) {
	if !r.mending {
		return nil, nil
	}
	var older []*client.FeedChange
	var ids []uuid.UUID
	for i := range results {
		if now := results[i].Current; results[i].Status == client.Conflict && now != nil && now.ModifiedAt.Before(b.changes[i].ModifiedAt) {
			older, ids = append(older, now), append(ids, now.ID)
		}
	}
	handed, err := r.state.Handed(ctx, r.kind.Record.Name, ids)
	if err != nil {
		return nil, err
	}
	known := map[uuid.UUID]bool{}
	for _, now := range older {
		known[now.ID] = !r.hands() || now.DeviceID == r.config.DeviceID || !now.ModifiedAt.After(handed[now.ID].ModifiedAt)
	}
	return known, nil
}

// onItsWay is what is to be remembered of a batch whose answer never comes. A time
// that the cabinet cannot have taken is left out, since what comes after would have to be
// later still; the content with it, since it never had the time before.
func (b *batch) onItsWay(now time.Time) []state.Record {
	records := slices.Clone(b.records)
	for i := range records {
		if records[i].ModifiedAt.After(now.Add(mostAhead)) {
			records[i].ModifiedAt, records[i].Hash = b.before[i].ModifiedAt, append([]byte{}, b.before[i].Hash...)
		}
	}
	return records
}

// halve sends what was too large in two parts. One record that is too large
// by itself is kept as rejected here: the cabinet cannot even look at it.
func (r *reading) halve(ctx context.Context, b batch) error {
	if len(b.changes) == 1 {
		result := client.Result{Status: client.Rejected, Code: "too_large"}
		b.answer(0, result)
		r.totals.count(&b.records[0], result.Status)
		return r.state.Acknowledge(ctx, r.kind.Record.Name, b.records, "")
	}
	middle := len(b.changes) / 2
	for _, half := range []batch{
		{changes: b.changes[:middle], records: b.records[:middle], before: b.before[:middle]},
		{changes: b.changes[middle:], records: b.records[middle:], before: b.before[middle:]},
	} {
		if err := r.deliver(ctx, half); err != nil {
			return err
		}
	}
	return nil
}

// answer takes what the cabinet said into what is remembered of a record. What
// it did not take leaves the time of the state that it has.
func (b *batch) answer(i int, result client.Result) {
	r := &b.records[i]
	r.Code, r.Errors = result.Code, result.Errors
	if result.Version > 0 {
		r.Version = result.Version
	}
	switch {
	case result.Status == client.Applied || result.Status == client.Unchanged:
		r.Status = state.Accepted
		return
	case result.Status == client.LicenseRequired || clockAhead(result):
		r.Status = state.Waiting
	case result.Status == client.Rejected:
		r.Status = state.Rejected
	default:
		r.Status = state.Stale
	}
	r.ModifiedAt = b.before[i].ModifiedAt
}

// conflict is an answer that names a version which the source has not seen. Where
// the version comes to be handed over, the source's next change is made from that one;
// until then it would go over what it does not know. Elsewhere the version
// is remembered, for nobody else would ever name it.
func (r *reading) conflict(known *state.Record, result client.Result) client.Result {
	result.Code = "conflict"
	if r.hands() {
		result.Version = known.Version
	}
	return result
}

// clockAhead is the one rejection that time heals.
func clockAhead(result client.Result) bool {
	return result.Code == "clock_ahead" || slices.ContainsFunc(result.Errors, func(e client.FieldError) bool { return e.Code == "clock_ahead" })
}
