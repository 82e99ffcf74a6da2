package agent

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/interpos/cabinet/internal/agent/extract"
	"github.com/interpos/cabinet/internal/agent/mapping"
	"github.com/interpos/cabinet/internal/agent/source"
	"github.com/interpos/cabinet/internal/agent/state"
)

// futureMark is how far ahead of now a change mark may be to be believed: one
// from a clock that ran wild must not hide the changes after it.
const futureMark = 5 * time.Minute

// reading is the synchronization of one kind.
type reading struct {
	*session
	kind      *mapping.Kind
	extractor *extract.Extractor
	before    state.Kind
	full      bool
	seen      sightings                  // of quick looks before; nil: everything is read
	handed    map[uuid.UUID]state.Handed // of the batch at work: what others have made and the source was handed
	there     map[uuid.UUID]time.Time    // times in the cabinet of records that are to be sent over it
	totals    *Totals
}

func (s *session) kind(ctx context.Context, kind *mapping.Kind, extractor *extract.Extractor) error {
	name := kind.Record.Name
	before, err := s.state.Kind(ctx, name)
	if err != nil {
		return err
	}
	r := &reading{session: s, kind: kind, extractor: extractor, before: before, totals: s.summary.of(name)}
	if s.mending {
		return r.mend(ctx)
	}
	return r.sync(ctx)
}

// glance is a kind for the seconds between two whole looks: only where change
// marks say it, and only rows that were not seen under their mark.
func (s *session) glance(ctx context.Context, kind *mapping.Kind, extractor *extract.Extractor) error {
	before, err := s.state.Kind(ctx, kind.Record.Name)
	if err != nil {
		return err
	}
	r := &reading{session: s, kind: kind, extractor: extractor, before: before, seen: s.sightings(kind.Record.Name)}
	started := r.now()
	since := r.since(started)
	if since == nil {
		return nil
	}
	r.totals = s.summary.of(kind.Record.Name)
	entries, err := r.extractor.List(ctx, since)
	if err != nil {
		return sourceError{err}
	}
	if err := r.send(ctx, keysOf(r.seen.fresh(entries)), nil); err != nil {
		return err
	}
	r.seen.keep(entries, started)
	return r.reached(ctx, entries, started)
}

// sync sends what has changed in the source, as far as the state can tell.
func (r *reading) sync(ctx context.Context) error {
	started := r.now()
	since := r.since(started)
	r.full = since == nil
	entries, err := r.extractor.List(ctx, since)
	if err != nil {
		return sourceError{err}
	}
	due, err := r.due(ctx, entries)
	if err != nil {
		return err
	}
	r.Progress.Kind(r.kind.Record.Name, len(entries)+len(due.keys))
	keys := slices.Concat(due.keys, keysOf(entries))
	if err := r.send(ctx, keys, due.again); err != nil {
		return err
	}
	if err := r.vanished(ctx, entries, due.again); err != nil {
		return err
	}
	if !r.full {
		r.sightings(r.kind.Record.Name).keep(entries, started)
	}
	return r.reached(ctx, entries, started)
}

// since is the change mark to read from; nil: everything is to be read.
func (r *reading) since(now time.Time) *source.Value {
	if r.Full || !fresh(r.before.FullScanAt, now, r.kind.FullScan) || r.before.Mark == nil || r.before.Fingerprint != r.kind.Fingerprint || !r.kind.ModifiedAt.Given() {
		return nil
	}
	since, ok := r.extractor.Before(*r.before.Mark)
	if !ok {
		return nil
	}
	return &since
}

// fresh says whether a whole reading is young enough. The cabinet's time, as a slow hello
// has shown it, may be off by as long as that took: a reading that seems yet to come
// is not trusted.
func fresh(scanned, now time.Time, every time.Duration) bool {
	age := now.Sub(scanned)
	return 0 <= age && age < every
}

// due is what is to be sent again though the source has not changed it.
type due struct {
	keys  []source.Value     // those that the listing does not have
	again map[uuid.UUID]bool // all of them
}

func (r *reading) due(ctx context.Context, entries []extract.Entry) (due, error) {
	statuses := []state.Status{state.Waiting, state.Unanswered}
	if r.RetryRejected || r.newRules {
		statuses = append(statuses, state.Rejected)
	}
	records, err := r.state.NotAccepted(ctx, r.kind.Record.Name, statuses...)
	if err != nil || len(records) == 0 {
		return due{}, err
	}
	listed := map[string]bool{}
	for _, entry := range entries {
		listed[entry.Key.Key()] = true
	}
	d := due{again: map[uuid.UUID]bool{}}
	for _, record := range records {
		d.again[record.ID] = true
		if !listed[record.Key.Key()] && !record.Deleted {
			d.keys = append(d.keys, record.Key)
		}
	}
	return d, nil
}

func keysOf(entries []extract.Entry) []source.Value {
	keys := make([]source.Value, len(entries))
	for i := range entries {
		keys[i] = entries[i].Key
	}
	return keys
}

// reached remembers how far this reading came, so that the next one begins
// there.
func (r *reading) reached(ctx context.Context, entries []extract.Entry, started time.Time) error {
	now := r.before
	for i := len(entries) - 1; i >= 0; i-- {
		if at := entries[i].At; !at.IsZero() && at.Before(started.Add(futureMark)) {
			now.Mark = &entries[i].Mark
			break
		}
	}
	if r.full {
		now.FullScanAt, now.Fingerprint = started, r.kind.Fingerprint
	} else if now.Mark == r.before.Mark || *now.Mark == *r.before.Mark {
		return nil
	}
	return r.state.Reached(ctx, r.kind.Record.Name, now)
}

// A brake against deleting a venue's records because the source is an empty or
// a wrong database: so many, and so large a part of the kind, need a word.
const (
	fewDeletions    = 20
	deletionsDivide = 4
)

// vanished sends deletions of what a whole reading, or a whole listing, no longer
// found.
func (r *reading) vanished(ctx context.Context, entries []extract.Entry, again map[uuid.UUID]bool) error {
	if !r.kind.Detect || !r.full && !r.Deletions {
		return r.repeatDeletions(ctx, again)
	}
	if !r.full {
		var err error
		if entries, err = r.extractor.List(ctx, nil); err != nil {
			return sourceError{err}
		}
	}
	present := make(map[uuid.UUID]bool, len(entries))
	for _, entry := range entries {
		id, err := r.extractor.ID(entry.Key)
		if err != nil {
			return sourceError{err}
		}
		present[id] = true
	}
	gone, err := r.state.Outstanding(ctx, r.kind.Record.Name, present)
	if err != nil {
		return err
	}
	fresh := slices.DeleteFunc(slices.Clone(gone), func(r state.Record) bool { return r.Deleted })
	if err := r.brake(len(fresh), len(entries)); err != nil {
		return err
	}
	return r.delete(ctx, gone)
}

// brake fails where too many records have vanished beside those that are left.
func (r *reading) brake(gone, left int) error {
	if gone <= fewDeletions || gone <= (gone+left)/deletionsDivide || r.AllowDeletions {
		return nil
	}
	return sourceError{fmt.Errorf("%s: %d of %d records are missing in the source; nothing is deleted. If that is right, run `agent sync --allow-deletions`",
		r.kind.Record.Name, gone, gone+left)}
}

// repeatDeletions sends those again that could not be taken before.
func (r *reading) repeatDeletions(ctx context.Context, again map[uuid.UUID]bool) error {
	ids := make([]uuid.UUID, 0, len(again))
	for id := range again {
		ids = append(ids, id)
	}
	known, err := r.state.Known(ctx, r.kind.Record.Name, ids)
	if err != nil {
		return err
	}
	var waiting []state.Record
	for _, record := range known {
		if record.Deleted {
			waiting = append(waiting, record)
		}
	}
	return r.delete(ctx, waiting)
}
