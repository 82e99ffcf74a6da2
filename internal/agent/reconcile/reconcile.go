package reconcile

import (
	"context"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/interpos/cabinet/internal/agent/scan"
	"github.com/interpos/cabinet/internal/agent/scratch"
	"github.com/interpos/cabinet/internal/agent/send"
	"github.com/interpos/cabinet/internal/agent/source"
	"github.com/interpos/cabinet/internal/agent/state"
	"github.com/interpos/cabinet/internal/client"
)

// Reconciler brings a kind back into agreement where the state cannot be relied on: it is
// new, or the cabinet's feed is another one than before. Digests say what the cabinet has already,
// and only the rest is sent.
type Reconciler struct {
	Comparer
	Sender         *send.Sender // its policy is the reconciler
	AllowDeletions bool         // however many records have vanished
	// Remove says whether what the kind keeps, though the source no longer has it, is removed from the cabinet.
	// nil: it is not.
	Remove func(*Comparison) (bool, error)
}

// Reconcile says what differed, and gives the last change mark that was read.
func (r *Reconciler) Reconcile(ctx context.Context) (*Comparison, *source.Value, error) {
	f, err := r.compareKind(ctx)
	if err != nil {
		return nil, nil, err
	}
	return &f.Comparison, f.listing.Newest, r.applyDifferences(ctx, f)
}

func (r *Reconciler) applyDifferences(ctx context.Context, f *found) error {
	if err := r.rememberAs(ctx, state.Accepted, equal); err != nil {
		return err
	}
	if err := r.rememberAs(ctx, state.Stale, wrong+" AND "+theirs); err != nil {
		return err
	}
	err := r.Sender.Rows(ctx, func(each func([]source.Value) error) error {
		return scan.EachKey(ctx, r.Scratch, each, "SELECT here.key, here.key_type"+joined+mine+" AND NOT here.sent ORDER BY here.rowid")
	})
	if err != nil {
		return err
	}
	dead, err := r.Scratch.IDs(ctx, "dead")
	if err != nil {
		return err
	}
	if _, err := r.Scratch.Exec(ctx, "INSERT INTO dead SELECT here.id"+joined+mine+" AND here.sent"); err != nil {
		return err
	}
	if err := r.Sender.Deletions(ctx, dead); err != nil {
		return err
	}
	if !r.AllowDeletions {
		if err := scan.GuardDeletions(f.Kind, f.Gone, f.listing.Rows); err != nil {
			return err
		}
	}
	if err := r.Sender.Deletions(ctx, f.gone); err != nil {
		return err
	}
	return r.removeKept(ctx, f)
}

func (r *Reconciler) removeKept(ctx context.Context, f *found) (err error) {
	if f.Kept == 0 || r.Remove == nil {
		return nil
	}
	if f.Removed, err = r.Remove(&f.Comparison); err != nil || !f.Removed {
		return err
	}
	return r.Sender.Deletions(ctx, f.kept)
}

// rememberAs remembers, of the records here that meet a condition, that the cabinet has them, or something newer.
func (r *Reconciler) rememberAs(ctx context.Context, status state.Status, condition string) error {
	return scratch.Batches(scan.BatchSize, func(some []state.Record) error { return r.rememberSome(ctx, some) }, func(add func(state.Record) error) error {
		return r.Scratch.Each(ctx, func(scan func(...any) error) error {
			one := state.Record{Status: status}
			var id []byte
			var modifiedAt *int64
			if err := scan(&id, &one.Key.Text, &one.Key.Type, &one.Hash, &modifiedAt, &one.Deleted); err != nil {
				return err
			}
			one.ID, one.ModifiedAt = uuid.UUID(id), timeOf(modifiedAt)
			if modifiedAt == nil {
				one.ModifiedAt = r.Link.Now()
			}
			return add(one)
		}, "SELECT here.id, here.key, here.key_type, here.hash, here.modified_at, here.deleted"+joined+condition)
	})
}

func (r *Reconciler) rememberSome(ctx context.Context, some []state.Record) error {
	ids := make([]uuid.UUID, len(some))
	for i := range some {
		ids[i] = some[i].ID
	}
	kind := r.Kind.Record.Name
	known, err := r.State.Known(ctx, kind, ids)
	if err != nil {
		return err
	}
	var news []state.Record
	for _, one := range some {
		if before := known[one.ID]; before.Status != one.Status || !before.Same([32]byte(one.Hash)) {
			news = append(news, one)
		}
	}
	if len(news) == 0 {
		return nil
	}
	return r.State.Acknowledge(ctx, kind, news, "")
}

// Resend is true: what the cabinet does not hold is sent, whatever the state says.
func (r *Reconciler) Resend(state.Record) bool { return true }

// HeldTimes gives the times of what the cabinet was found to have.
func (r *Reconciler) HeldTimes(ctx context.Context, ids []uuid.UUID) (map[uuid.UUID]time.Time, error) {
	times := map[uuid.UUID]time.Time{}
	if len(ids) == 0 {
		return times, nil
	}
	args := make([]any, len(ids))
	for i := range ids {
		args[i] = ids[i][:]
	}
	return times, r.Scratch.Each(ctx, func(scan func(...any) error) error {
		var id []byte
		var modifiedAt int64
		if err := scan(&id, &modifiedAt); err != nil {
			return err
		}
		times[uuid.UUID(id)] = time.UnixMicro(modifiedAt).UTC()
		return nil
	}, "SELECT id, modified_at FROM there WHERE id IN (?"+strings.Repeat(",?", len(ids)-1)+")", args...)
}

// Overrules finds the conflicts with a state that is older than the change and no news to the source:
// the feed has gone back to it, and no longer knows the version that the change was made from.
func (r *Reconciler) Overrules(ctx context.Context, changes []client.Change, results []client.Result) (map[uuid.UUID]bool, error) {
	var older []*client.FeedChange
	for i := range results {
		if now := results[i].Current; results[i].Status == client.Conflict && now != nil && now.ModifiedAt.Before(changes[i].ModifiedAt) {
			older = append(older, now)
		}
	}
	if len(older) == 0 {
		return nil, nil
	}
	return r.Sender.Ledger.NoNews(ctx, r.Kind.Record, r.Link.Identity.DeviceID, older)
}
