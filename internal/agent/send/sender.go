// Package send reads rows of the source, and sends to the cabinet what it does not have yet.
package send

import (
	"context"
	"time"

	"github.com/google/uuid"
	"golang.org/x/sync/errgroup"

	"github.com/interpos/cabinet/internal/agent/delivery"
	"github.com/interpos/cabinet/internal/agent/extract"
	"github.com/interpos/cabinet/internal/agent/link"
	"github.com/interpos/cabinet/internal/agent/mapping"
	"github.com/interpos/cabinet/internal/agent/scan"
	"github.com/interpos/cabinet/internal/agent/scratch"
	"github.com/interpos/cabinet/internal/agent/source"
	"github.com/interpos/cabinet/internal/agent/state"
	"github.com/interpos/cabinet/internal/canonical"
	"github.com/interpos/cabinet/internal/client"
)

// Sender sends what one kind holds. A record counts as sent once the cabinet has
// acknowledged it, and only then is it remembered.
type Sender struct {
	Link      *link.Link
	State     *state.State
	Ledger    *delivery.Ledger
	Kind      *mapping.Kind
	Extractor *extract.Extractor
	Policy    Policy
	Totals    *Totals
	Advance   func(rows, sent int) // told of progress
}

// Policy is what differs between a synchronization and a reconciliation.
type Policy interface {
	// Resend says whether a record is sent though the same content was sent before.
	Resend(known state.Record) bool
	// HeldTimes gives the times of those records that the cabinet holds otherwise; what is sent
	// must differ from them.
	HeldTimes(ctx context.Context, ids []uuid.UUID) (map[uuid.UUID]time.Time, error)
	// Overrules says which of the conflicts are sent once more, upon the state that the cabinet has.
	Overrules(ctx context.Context, changes []client.Change, results []client.Result) (map[uuid.UUID]bool, error)
}

// Rows reads the rows with the keys that keys gives, and pushes what the cabinet does not
// have yet: while one batch is on its way, the next is read.
func (s *Sender) Rows(ctx context.Context, keys func(each func([]source.Value) error) error) error {
	group, ctx := errgroup.WithContext(ctx)
	batches := make(chan batch)
	group.Go(func() error {
		defer close(batches)
		return keys(func(some []source.Value) error {
			prepared, err := s.prepareBatches(ctx, some)
			if err != nil {
				return err
			}
			for _, b := range prepared {
				select {
				case batches <- b:
				case <-ctx.Done():
					return ctx.Err()
				}
			}
			return nil
		})
	})
	group.Go(func() error {
		for b := range batches {
			if err := s.pushBatch(ctx, b); err != nil {
				return err
			}
		}
		return nil
	})
	return group.Wait()
}

// prepareBatches makes the batches of some keys: one, unless it would be too large. What is just being
// delivered is left out: the next whole scan knows what the row is made from.
func (s *Sender) prepareBatches(ctx context.Context, keys []source.Value) ([]batch, error) {
	reading, err := s.beginReading(ctx, keys)
	if err != nil {
		return nil, err
	}
	defer reading.End()
	read, err := s.Extractor.Read(ctx, keys)
	if err != nil {
		return nil, err
	}
	s.Totals.LeaveOut(len(read.Refusals), read.Refusals)
	records := read.Records
	ids := idsOf(records)
	known, err := s.State.Known(ctx, s.Kind.Record.Name, ids)
	if err != nil {
		return nil, err
	}
	held, err := s.Policy.HeldTimes(ctx, ids)
	if err != nil {
		return nil, err
	}
	batches := []batch{{rows: len(keys)}}
	for i := range records {
		r := &records[i]
		before, sent := known[r.ID]
		if sent && before.Same(r.Hash) && !s.Policy.Resend(before) || reading.Refused(r.ID) {
			continue
		}
		change := s.makeChange(r, before, sent, reading.Version(r.ID), held)
		current := &batches[len(batches)-1]
		if current.isFull(&change, s.Link.Welcome.Limits) {
			batches = append(batches, batch{})
			current = &batches[len(batches)-1]
		}
		current.addChange(change, r, before)
		s.Totals.note(r)
	}
	return batches, nil
}

func (s *Sender) beginReading(ctx context.Context, keys []source.Value) (*delivery.Reading, error) {
	if !s.Kind.Record.Shared {
		return &delivery.Reading{}, nil
	}
	ids := make([]uuid.UUID, 0, len(keys))
	for _, key := range keys {
		if id, err := s.Extractor.ID(key); err == nil { // else the reading says it
			ids = append(ids, id)
		}
	}
	return s.Ledger.Read(ctx, s.Kind.Record, ids)
}

func idsOf(records []extract.Record) []uuid.UUID {
	ids := make([]uuid.UUID, len(records))
	for i := range records {
		ids[i] = records[i].ID
	}
	return ids
}

// Deletions pushes the deletions of some records that the cabinet has of this source.
func (s *Sender) Deletions(ctx context.Context, ids *scratch.IDs) error {
	return ids.Each(ctx, scan.BatchSize, func(some []uuid.UUID) error {
		b, err := s.deletionBatch(ctx, some)
		if err != nil {
			return err
		}
		return s.pushBatch(ctx, b)
	})
}

func (s *Sender) deletionBatch(ctx context.Context, ids []uuid.UUID) (b batch, err error) {
	known, err := s.State.Known(ctx, s.Kind.Record.Name, ids)
	if err != nil {
		return b, err
	}
	held, err := s.Policy.HeldTimes(ctx, ids)
	if err != nil {
		return b, err
	}
	reading, err := s.Ledger.Read(ctx, s.Kind.Record, ids)
	if err != nil {
		return b, err
	}
	defer reading.End()
	for _, id := range ids {
		before, sent := known[id]
		if reading.Refused(id) {
			continue
		}
		gone := extract.Record{ID: id, Key: before.Key, Deleted: true, Hash: canonical.Hash(id, true, []byte(canonical.Tombstone))}
		if before.Deleted {
			gone.ModifiedAt = before.ModifiedAt
		}
		b.addChange(s.makeChange(&gone, before, sent, reading.Version(id), held), &gone, before)
	}
	return b, nil
}

// makeChange is what is sent of a record. delivered is the version that the source was delivered last.
func (s *Sender) makeChange(now *extract.Record, before state.Record, sent bool, delivered int64, held map[uuid.UUID]time.Time) client.Change {
	at := s.modifiedAt(now, before, sent)
	if there, ok := held[now.ID]; ok && there.Equal(at) {
		at = at.Add(time.Millisecond)
	}
	change := client.Change{Kind: s.Kind.Record.Name, ID: now.ID, Deleted: now.Deleted, Data: now.Data, ModifiedAt: at}
	if base := max(before.Version, delivered); s.Kind.Record.Shared && base > 0 {
		change.BaseVersion = &base
	}
	return change
}

// modifiedAt is the row's change mark; without one, the time at which the
// makeChange was seen. Content that changed under the same mark (another mapping,
// a POS that forgets to move it) must still win over what was sent before.
func (s *Sender) modifiedAt(now *extract.Record, before state.Record, sent bool) time.Time {
	at := now.ModifiedAt
	if at.IsZero() {
		at = s.Link.Now()
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
