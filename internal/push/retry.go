package push

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/interpos/cabinet/internal/db"
	"github.com/interpos/cabinet/internal/record"
	"github.com/interpos/cabinet/internal/sync"
)

// One transaction of a retry takes so many rejections, and starts with no further
// one from so many bytes on: pushes of the organization wait for it.
const (
	retryRows  = 200
	retryBytes = 4 << 20
)

// RetryRejections puts what older rules have refused through those of this program,
// of all organizations, each record as if its device had sent it now. What is good
// goes into the feed; where the record has something newer, or the same, the
// rejection has healed; the rest stays, with the reason that it has now. It may run
// beside pushes and other retries. What fails for one organization does not hold up
// the others.
func (r *Receiver) RetryRejections(ctx context.Context) error {
	all, err := sync.Organizations(ctx, r.db)
	if err != nil {
		return err
	}
	var failures []error
	for _, organization := range all {
		if err := r.retryAll(ctx, organization); err != nil {
			failures = append(failures, fmt.Errorf("organization %s: %w", organization, err))
		}
	}
	return errors.Join(failures...)
}

func (r *Receiver) retryAll(ctx context.Context, organization uuid.UUID) error {
	var last retried
	for more := true; more; {
		w := &feedWriter{organization: organization, now: r.now()}
		err := r.db.ForOrganization(ctx, organization, func(tx db.Tx) error {
			*w = feedWriter{organization: organization, now: w.now}
			found, err := w.olderRejections(ctx, tx, last)
			if more = len(found) > 0; err != nil || !more {
				return err
			}
			last = found[len(found)-1]
			return w.retryFound(ctx, tx, found)
		})
		if err != nil {
			return err
		}
		r.announceHead(w)
	}
	return nil
}

// retried is a rejection that is tried again.
type retried struct {
	device   uuid.UUID
	kind, id string
	code     string
	errors   []byte // JSON
	sent     []byte
}

// olderRejections takes some rejections of one device that older rules have refused, behind
// the last one, under the lock on the feed. Where there are none, nobody has to wait.
func (w *feedWriter) olderRejections(ctx context.Context, tx pgx.Tx, last retried) (found []retried, err error) {
	var exist bool
	err = tx.QueryRow(ctx, `SELECT EXISTS (SELECT FROM rejections WHERE organization_id = $1 AND rules < $2
		AND (device_id, kind, record_id) > ($3, $4, $5))`,
		w.organization, record.Rules, last.device, last.kind, last.id).Scan(&exist)
	if err != nil || !exist {
		return nil, err
	}
	if err := w.lockFeed(ctx, tx, sync.Cursor{}, func(*pgx.Batch) {}); err != nil {
		return nil, err
	}
	rows, err := tx.Query(ctx, `
		SELECT device_id, kind, record_id, code, errors, sent FROM rejections
		WHERE organization_id = $1 AND (device_id, kind, record_id) IN (
			SELECT device_id, kind, record_id FROM (
				SELECT device_id, kind, record_id, first_value(device_id) OVER place AS device, sum(size) OVER place - size AS before
				FROM rejections WHERE organization_id = $1 AND rules < $2 AND (device_id, kind, record_id) > ($3, $4, $5)
				WINDOW place AS (ORDER BY device_id, kind, record_id)
				ORDER BY device_id, kind, record_id LIMIT $6) o
			WHERE device_id = device AND before < $7)
		ORDER BY device_id, kind, record_id FOR UPDATE`,
		w.organization, record.Rules, last.device, last.kind, last.id, retryRows, retryBytes)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (r retried, err error) {
		err = row.Scan(&r.device, &r.kind, &r.id, &r.code, &r.errors, &r.sent)
		return r, err
	})
}

// retryFound decides and stores rejections of one device as if it had pushed them now.
func (w *feedWriter) retryFound(ctx context.Context, tx pgx.Tx, found []retried) error {
	w.device = found[0].device
	decoder := newDecoder(w.currency, w.now)
	changes := make([]change, len(found))
	for i := range found {
		decoder.decodeChange(found[i].sent, &changes[i])
	}
	b := w.newBatch(changes)
	if err := b.lookUp(ctx, tx); err != nil {
		return err
	}
	b.decideAll()
	still := b.listUnhealed(found)
	queue := &pgx.Batch{}
	b.queueHealing(queue)
	b.queueAccepted(queue)
	w.addBatch(b)
	w.queueHead(queue)
	queueReasons(queue, w.organization, still)
	return tx.SendBatch(ctx, queue).Close()
}

// listUnhealed gives the rejections that stay, with the reasons that they have now. One
// that would conflict keeps its reason: only its source can make it anew. What
// waits for a license is tried again the next time.
func (b *batch) listUnhealed(found []retried) (still []retried) {
	for i, r := range found {
		switch result := &b.results[i]; result.Status {
		case Stale:
			key := b.changes[i].recordKey()
			b.acceptRecord(acceptance{key, b.states[key].ModifiedAt, true}) // the record has something newer
		case Rejected:
			r.code = result.Code
			r.errors, _ = json.Marshal(result.Errors) // plain strings: it cannot fail
			still = append(still, r)
		case Conflict:
			still = append(still, r)
		}
	}
	return still
}

// queueReasons notes that rejections have been tried by these rules, and why they
// stay. When, how often and by which device they were sent stays as it was.
func queueReasons(batch *pgx.Batch, organization uuid.UUID, still []retried) {
	if len(still) == 0 {
		return
	}
	var kinds, ids, codes, faults []string
	var sizes []int64
	for _, r := range still {
		kinds, ids, codes, faults = append(kinds, r.kind), append(ids, r.id), append(codes, r.code), append(faults, string(r.errors))
		sizes = append(sizes, int64(len(r.sent)+len(r.errors)))
	}
	batch.Queue(`
		UPDATE rejections r SET rules = $2, code = n.code, errors = n.errors::jsonb, size = n.size
		FROM unnest($3::text[], $4::text[], $5::text[], $6::text[], $7::bigint[]) AS n (kind, id, code, errors, size)
		WHERE r.organization_id = $1 AND r.kind = n.kind AND r.record_id = n.id`,
		organization, record.Rules, kinds, ids, codes, faults, sizes)
}
