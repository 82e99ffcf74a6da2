package push

import (
	"bytes"
	"cmp"
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/interpos/cabinet/internal/record"
	"github.com/interpos/cabinet/internal/sync"
)

// rejectionKey names a rejection by what was sent, a UUID in its one spelling.
type rejectionKey struct{ kind, id string }

// refusal is a record that a batch brought and that breaks a rule: its last change,
// and the results of all of them.
type refusal struct {
	change  *change
	results []int
	errors  []byte // JSON
	kept    string // of the change, as it is kept
	isWhole bool   // kept is the change as it was sent
	before  int64  // bytes of the rejection that is kept already; 0: none is
}

func (r *refusal) keptSize() int64 { return int64(len(r.kept) + len(r.errors)) }

// maxKeptBytes is from how many bytes as it was sent a change is kept without its data. It
// leaves room for white space and escapes around the canonical data of a record.
const maxKeptBytes = 4 * sync.MaxRecordBytes

// keepText makes the text of the change that is kept: as it was sent, where the database
// can hold it. isWhole is false where it is not all of the change, or not quite: then no
// newer rule can judge by it.
func (r *refusal) keepText() {
	sent := r.change.sent
	switch {
	case len(sent) > maxKeptBytes:
		named, _ := json.Marshal(map[string]string{"kind": r.change.kind, "id": r.change.rawID}) // plain strings: it cannot fail
		r.kept = string(named)
	case !utf8.Valid(sent) || bytes.IndexByte(sent, 0) >= 0:
		r.kept = strings.ReplaceAll(strings.ToValidUTF8(string(sent), "\ufffd"), "\x00", "\ufffd")
	default:
		r.kept, r.isWhole = string(sent), true
	}
}

// quota is how much more may be kept as rejected; bytes may be below zero.
type quota struct{ rejections, bytes int64 }

func (c *change) rejectionKey() rejectionKey {
	if c.id == uuid.Nil {
		return rejectionKey{c.kind, c.rawID}
	}
	return rejectionKey{c.kind, c.id.String()}
}

// refuseChange answers a change that breaks a rule. What names no record cannot be kept.
func (b *batch) refuseChange(c *change, result Result) {
	result.Status, result.Code, result.Errors = Rejected, c.code, c.faults
	result.Kept = c.kind != "" && c.rawID != ""
	if result.Kept {
		key := c.rejectionKey()
		if b.refused == nil {
			b.refused = map[rejectionKey]*refusal{}
		}
		if b.refused[key] == nil {
			b.refused[key] = &refusal{}
		}
		b.refused[key].change = c
		b.refused[key].results = append(b.refused[key].results, len(b.results))
	}
	b.results = append(b.results, result)
}

// acceptance is a record as the feed has it after a change.
type acceptance struct {
	key    sync.RecordKey
	at     time.Time // its modified_at
	isNews bool      // the feed did not have it before, in this version or at this time
}

// heals says whether a refused change is settled: only by what is as new. One whose own
// time says nothing, as it is unreadable or lies too far ahead of the cabinet's
// (now), is settled by anything new.
func (a acceptance) heals(refused *change, now time.Time) bool {
	if refused.modifiedAt.IsZero() || refused.modifiedAt.After(now.Add(maxClockAhead)) {
		return a.isNews
	}
	return !a.at.Before(refused.modifiedAt)
}

// acceptRecord heals the rejection of a record, be it kept or of this push.
func (b *batch) acceptRecord(a acceptance) {
	b.accepted = append(b.accepted, a)
	key := rejectionKey{a.key.Kind, a.key.ID.String()}
	if refused := b.refused[key]; refused != nil && a.heals(refused.change, b.writer.now) {
		delete(b.refused, key)
	}
}

// queueHealing removes the rejections that are settled by what is now accepted, as
// acceptance.heals says.
func (b *batch) queueHealing(queue *pgx.Batch) {
	if !b.writer.hasRejected || len(b.accepted) == 0 {
		return
	}
	kinds, ids := make([]string, len(b.accepted)), make([]string, len(b.accepted))
	times, news := make([]time.Time, len(b.accepted)), make([]bool, len(b.accepted))
	for i, a := range b.accepted {
		kinds[i], ids[i], times[i], news[i] = a.key.Kind, a.key.ID.String(), a.at, a.isNews
	}
	queue.Queue(`
		DELETE FROM rejections r USING unnest($2::text[], $3::text[], $4::timestamptz[], $5::boolean[]) AS h (kind, id, at, is_news)
		WHERE r.organization_id = $1 AND r.kind = h.kind AND r.record_id = h.id AND coalesce(
			CASE WHEN r.modified_at <= r.last_rejected_at + $6::interval THEN r.modified_at <= h.at END, h.is_news)`,
		b.writer.organization, kinds, ids, times, news, maxClockAhead)
}

// queueQuota reads how much is kept of the organization, and of what is refused now.
func (b *batch) queueQuota(queue *pgx.Batch) {
	queue.Queue(`SELECT $2 - count(*), $3 - coalesce(sum(size), 0)::bigint FROM rejections WHERE organization_id = $1`,
		b.writer.organization, sync.MaxRejections, sync.MaxRejectionBytes).
		QueryRow(func(row pgx.Row) error { return row.Scan(&b.quota.rejections, &b.quota.bytes) })
	var kinds, ids []string
	for key := range b.refused {
		kinds, ids = append(kinds, key.kind), append(ids, key.id)
	}
	queue.Queue(`
		SELECT p.kind, p.id, r.size FROM unnest($2::text[], $3::text[]) AS p (kind, id)
		CROSS JOIN LATERAL (
			SELECT size FROM rejections WHERE organization_id = $1 AND kind = p.kind AND record_id = p.id OFFSET 0) r`,
		b.writer.organization, kinds, ids).Query(func(rows pgx.Rows) error {
		var key rejectionKey
		var size int64
		_, err := pgx.ForEachRow(rows, []any{&key.kind, &key.id, &size}, func() error {
			b.refused[key].before = size
			return nil
		})
		return err
	})
}

// queueRejections keeps what was refused, as far as the quota goes, and says
// of the rest that it is not kept.
func (b *batch) queueRejections(queue *pgx.Batch) {
	inOrder := slices.SortedFunc(maps.Values(b.refused), func(a, b *refusal) int { return cmp.Compare(a.results[0], b.results[0]) })
	var c rejectionColumns
	for _, r := range inOrder {
		r.errors, _ = json.Marshal(r.change.faults) // plain strings: it cannot fail
		r.keepText()
		if b.quota.admitRefusal(r) {
			c.addRefusal(r)
			continue
		}
		for _, i := range r.results {
			b.results[i].Kept = false
		}
	}
	if len(c.kinds) == 0 {
		return
	}
	queue.Queue(`
		INSERT INTO rejections AS r (organization_id, device_id, rules, first_rejected_at, last_rejected_at,
			kind, record_id, code, errors, modified_at, deleted, sent, size, attempts)
		SELECT f.organization_id, $2, CASE WHEN k.whole THEN $3::integer END, $4, $4, k.kind, k.record_id, k.code, k.errors::jsonb, k.modified_at, k.deleted,
			k.sent, k.size, k.attempts
		FROM feeds f, unnest($5::text[], $6::text[], $7::text[], $8::text[], $9::timestamptz[], $10::boolean[], $11::text[], $12::boolean[],
				$13::bigint[], $14::integer[])
			AS k (kind, record_id, code, errors, modified_at, deleted, sent, whole, size, attempts)
		WHERE f.organization_id = $1
		ON CONFLICT (organization_id, kind, record_id) DO UPDATE SET
			device_id = excluded.device_id, rules = excluded.rules, last_rejected_at = excluded.last_rejected_at,
			code = excluded.code, errors = excluded.errors, modified_at = excluded.modified_at, deleted = excluded.deleted,
			sent = excluded.sent, size = excluded.size, attempts = r.attempts + excluded.attempts`,
		b.writer.organization, b.writer.device, record.Rules, b.writer.now,
		c.kinds, c.ids, c.codes, c.errors, c.modifiedAts, c.deleted, c.sent, c.whole, c.sizes, c.attempts)
}

// admitRefusal gives a refusal its part of the quota, if there is any left. One that takes the place of a
// kept one needs it only where it is larger.
func (q *quota) admitRefusal(refused *refusal) bool {
	more := refused.keptSize() - refused.before
	switch {
	case refused.before > 0:
		if q.bytes <= 0 && more > 0 {
			return false
		}
	case q.rejections <= 0 || q.bytes <= 0:
		return false
	default:
		q.rejections--
	}
	q.bytes -= more
	return true
}

// rejectionColumns are the rejections to write, one slice a column, as unnest takes them.
type rejectionColumns struct {
	kinds, ids, codes []string
	errors            []string
	modifiedAts       []*time.Time
	deleted           []bool
	sent              []string
	whole             []bool
	sizes             []int64
	attempts          []int32
}

func (c *rejectionColumns) addRefusal(r *refusal) {
	key := r.change.rejectionKey()
	c.kinds, c.ids, c.codes = append(c.kinds, key.kind), append(c.ids, key.id), append(c.codes, r.change.code)
	c.errors, c.sent, c.sizes = append(c.errors, string(r.errors)), append(c.sent, r.kept), append(c.sizes, r.keptSize())
	c.whole = append(c.whole, r.isWhole)
	c.deleted, c.attempts = append(c.deleted, r.change.deleted), append(c.attempts, int32(len(r.results))) //nolint:gosec // at most MaxChanges
	var modifiedAt *time.Time
	if !r.change.modifiedAt.IsZero() {
		modifiedAt = &r.change.modifiedAt
	}
	c.modifiedAts = append(c.modifiedAts, modifiedAt)
}
