package agent

import (
	"context"
	"slices"

	"github.com/google/uuid"

	"github.com/interpos/cabinet/internal/agent/source"
	"github.com/interpos/cabinet/internal/agent/state"
	"github.com/interpos/cabinet/internal/client"
)

// mend brings a kind back into agreement where the state cannot be relied on:
// it is new, or the cabinet's feed is another one than before. Digests say
// what the cabinet has already, and only the rest is sent.
func (r *reading) mend(ctx context.Context) error {
	started := r.now()
	c, err := r.compareNow(ctx)
	if err != nil {
		return err
	}
	r.comparisons = append(r.comparisons, &c.Comparison)
	r.full, r.there = true, c.there
	if err := r.adopt(ctx, c.equal); err != nil {
		return err
	}
	if err := r.resend(ctx, c.wrong); err != nil {
		return err
	}
	if err := r.brake(len(c.gone), len(c.entries)); err != nil {
		return err
	}
	if err := r.delete(ctx, c.gone); err != nil {
		return err
	}
	return r.reached(ctx, c.entries, started)
}

func (r *reading) digests(ctx context.Context) (digests []client.BucketDigest, err error) {
	err = r.call(ctx, func(ctx context.Context) (err error) {
		digests, err = r.cabinet.Digests(ctx, r.kind.Record.Name)
		return err
	})
	return digests, explain(err)
}

// adopt remembers what the cabinet was found to have.
func (r *reading) adopt(ctx context.Context, equal []twin) error {
	for some := range slices.Chunk(equal, batchSize) {
		ids := make([]uuid.UUID, len(some))
		for i := range some {
			ids[i] = some[i].id
		}
		known, err := r.state.Known(ctx, r.kind.Record.Name, ids)
		if err != nil {
			return err
		}
		var found []state.Record
		for i := range some {
			if before := known[some[i].id]; !before.InCabinet() || !before.Same(some[i].hash) {
				found = append(found, r.found(&some[i]))
			}
		}
		if len(found) == 0 {
			continue
		}
		if err := r.state.Acknowledge(ctx, r.kind.Record.Name, found, ""); err != nil {
			return err
		}
	}
	return nil
}

func (r *reading) found(t *twin) state.Record {
	at := t.modifiedAt
	if at.IsZero() {
		at = r.now()
	}
	return state.Record{ID: t.id, Key: t.key, Hash: t.hash[:], ModifiedAt: at, Deleted: t.deleted, Status: state.Accepted}
}

// resend sends what the cabinet lacks or has otherwise, deletions among it.
func (r *reading) resend(ctx context.Context, wrong []twin) error {
	var keys []source.Value
	var dead []state.Record
	again := make(map[uuid.UUID]bool, len(wrong))
	for i := range wrong {
		again[wrong[i].id] = true
		if wrong[i].deleted {
			dead = append(dead, r.found(&wrong[i]))
		} else {
			keys = append(keys, wrong[i].key)
		}
	}
	if err := r.send(ctx, keys, again); err != nil {
		return err
	}
	return r.delete(ctx, dead)
}
