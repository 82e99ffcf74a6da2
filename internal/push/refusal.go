package push

import (
	"cmp"
	"encoding/json"
	"maps"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/interpos/cabinet/internal/record"
	"github.com/interpos/cabinet/internal/sync"
)

// rejectionKey names a rejection by what was sent, a UUID in its one spelling.
type rejectionKey struct{ kind, id string }

// refusal is a record that a portion brought and that breaks a rule: its last change,
// and the results of all of them.
type refusal struct {
	change  *change
	results []int
	errors  []byte // JSON
	before  int64  // bytes of the rejection that is kept already; 0: none is
}

func (r *refusal) size() int64 { return int64(len(r.change.sent) + len(r.errors)) }

// room is how much more may be kept as rejected; bytes may be below zero.
type room struct{ rejections, bytes int64 }

func (c *change) rejectionKey() rejectionKey {
	if c.id == uuid.Nil {
		return rejectionKey{c.kind, c.rawID}
	}
	return rejectionKey{c.kind, c.id.String()}
}

// refuse answers a change that breaks a rule. What names no record cannot be kept.
func (w *writer) refuse(c *change, result Result) {
	result.Status, result.Code, result.Errors = Rejected, c.code, c.faults
	result.Kept = c.kind != "" && c.rawID != ""
	if result.Kept {
		key := c.rejectionKey()
		if w.refused == nil {
			w.refused = map[rejectionKey]*refusal{}
		}
		if w.refused[key] == nil {
			w.refused[key] = &refusal{}
		}
		w.refused[key].change = c
		w.refused[key].results = append(w.refused[key].results, len(w.results))
		w.healing = true // a change of the next portion may heal it
	}
	w.results = append(w.results, result)
}

// accept heals the rejection of a record, be it kept or of this push.
func (w *writer) accept(key sync.RecordKey) {
	w.accepted = append(w.accepted, key)
	if len(w.refused) > 0 {
		delete(w.refused, rejectionKey{key.Kind, key.ID.String()})
	}
}

// queueHealing removes the rejections of records that are now accepted.
func (w *writer) queueHealing(batch *pgx.Batch) {
	if !w.healing || len(w.accepted) == 0 {
		return
	}
	kinds, ids := make([]string, len(w.accepted)), make([]string, len(w.accepted))
	for i, key := range w.accepted {
		kinds[i], ids[i] = key.Kind, key.ID.String()
	}
	batch.Queue(`
		DELETE FROM rejections r USING unnest($2::text[], $3::text[]) AS h (kind, id)
		WHERE r.organization_id = $1 AND r.kind = h.kind AND r.record_id = h.id`,
		w.organization, kinds, ids)
}

// queueRoom reads how much is kept of the organization, and of what is refused now.
func (w *writer) queueRoom(batch *pgx.Batch) {
	batch.Queue(`SELECT $2 - count(*), $3 - coalesce(sum(size), 0)::bigint FROM rejections WHERE organization_id = $1`,
		w.organization, sync.MaxRejections, sync.MaxRejectionBytes).
		QueryRow(func(row pgx.Row) error { return row.Scan(&w.room.rejections, &w.room.bytes) })
	var kinds, ids []string
	for key := range w.refused {
		kinds, ids = append(kinds, key.kind), append(ids, key.id)
	}
	batch.Queue(`
		SELECT p.kind, p.id, r.size FROM unnest($2::text[], $3::text[]) AS p (kind, id)
		CROSS JOIN LATERAL (
			SELECT size FROM rejections WHERE organization_id = $1 AND kind = p.kind AND record_id = p.id OFFSET 0) r`,
		w.organization, kinds, ids).Query(func(rows pgx.Rows) error {
		var key rejectionKey
		var size int64
		_, err := pgx.ForEachRow(rows, []any{&key.kind, &key.id, &size}, func() error {
			w.refused[key].before = size
			return nil
		})
		return err
	})
}

// queueRejections keeps what was refused, as far as there is room for it, and says
// of the rest that it is not kept.
func (w *writer) queueRejections(batch *pgx.Batch) {
	inOrder := slices.SortedFunc(maps.Values(w.refused), func(a, b *refusal) int { return cmp.Compare(a.results[0], b.results[0]) })
	var c rejectionColumns
	for _, r := range inOrder {
		r.errors, _ = json.Marshal(r.change.faults) // plain strings: it cannot fail
		if w.room.take(r) {
			c.add(r)
			continue
		}
		for _, i := range r.results {
			w.results[i].Kept = false
		}
	}
	if len(c.kinds) == 0 {
		return
	}
	batch.Queue(`
		INSERT INTO rejections AS r (organization_id, device_id, rules, first_rejected_at, last_rejected_at,
			kind, record_id, code, errors, modified_at, deleted, sent, size, attempts)
		SELECT $1, $2, $3, $4, $4, k.kind, k.record_id, k.code, k.errors::jsonb, k.modified_at, k.deleted, k.sent, k.size, k.attempts
		FROM unnest($5::text[], $6::text[], $7::text[], $8::text[], $9::timestamptz[], $10::boolean[], $11::text[], $12::bigint[], $13::integer[])
			AS k (kind, record_id, code, errors, modified_at, deleted, sent, size, attempts)
		ON CONFLICT (organization_id, kind, record_id) DO UPDATE SET
			device_id = excluded.device_id, rules = excluded.rules, last_rejected_at = excluded.last_rejected_at,
			code = excluded.code, errors = excluded.errors, modified_at = excluded.modified_at, deleted = excluded.deleted,
			sent = excluded.sent, size = excluded.size, attempts = r.attempts + excluded.attempts`,
		w.organization, w.device, record.Rules, w.now,
		c.kinds, c.ids, c.codes, c.errors, c.modifiedAts, c.deleted, c.sent, c.sizes, c.attempts)
}

// take gives a refusal its room, if there is any. One that takes the place of a
// kept one needs it only where it is larger.
func (r *room) take(refused *refusal) bool {
	more := refused.size() - refused.before
	switch {
	case refused.before > 0:
		if r.bytes <= 0 && more > 0 {
			return false
		}
	case r.rejections <= 0 || r.bytes <= 0:
		return false
	default:
		r.rejections--
	}
	r.bytes -= more
	return true
}

// rejectionColumns are the rejections to write, one slice a column, as unnest takes them.
type rejectionColumns struct {
	kinds, ids, codes []string
	errors            []string
	modifiedAts       []*time.Time
	deleted           []bool
	sent              []string
	sizes             []int64
	attempts          []int32
}

func (c *rejectionColumns) add(r *refusal) {
	key := r.change.rejectionKey()
	c.kinds, c.ids, c.codes = append(c.kinds, key.kind), append(c.ids, key.id), append(c.codes, r.change.code)
	c.errors, c.sent, c.sizes = append(c.errors, string(r.errors)), append(c.sent, string(r.change.sent)), append(c.sizes, r.size())
	c.deleted, c.attempts = append(c.deleted, r.change.deleted), append(c.attempts, int32(len(r.results))) //nolint:gosec // at most MaxChanges
	var modifiedAt *time.Time
	if !r.change.modifiedAt.IsZero() {
		modifiedAt = &r.change.modifiedAt
	}
	c.modifiedAts = append(c.modifiedAts, modifiedAt)
}
