package push

import (
	"bytes"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/interpos/cabinet/internal/sync"
)

// columns are the records to write, one slice a column, as unnest takes them.
type columns struct {
	recordKeys
	seqs        []int64
	versions    []int64
	modifiedAts []time.Time
	devices     [][16]byte
	deleted     []bool
	buckets     []string
	hashes      [][]byte
	data        [][]byte
	chains      [][]byte
}

func (c *columns) addState(key sync.RecordKey, s *state) {
	c.recordKeys.addKey(key)
	c.seqs, c.versions = append(c.seqs, s.Seq), append(c.versions, s.Version)
	c.modifiedAts, c.devices = append(c.modifiedAts, s.ModifiedAt), append(c.devices, s.Device)
	c.deleted, c.hashes = append(c.deleted, s.Deleted), append(c.hashes, s.Hash[:])
	c.buckets, c.data = append(c.buckets, s.bucket), append(c.data, s.data)
	c.chains = append(c.chains, s.chain[:])
}

// queueRecords writes the states that records have after this batch. A record that the
// database does not have goes in by a plain INSERT: all writers of an organization's records
// hold the lock on its feed, and one that was not looked up breaks the batch off, back to
// its savepoint. ON CONFLICT would cost a look and a second entry in the log for each row.
func (b *batch) queueRecords(queue *pgx.Batch) {
	var fresh, changed columns
	for _, key := range b.written {
		if s := b.states[key]; !s.stored {
			fresh.addState(key, s)
		} else {
			changed.addState(key, s)
		}
	}
	const insert = `
		INSERT INTO records (organization_id, kind, id, seq, version, modified_at, device_id, deleted, bucket, hash, data, chain, received_at)
		SELECT f.organization_id, r.*, $13 FROM feeds f, unnest($2::text[], $3::uuid[], $4::bigint[], $5::bigint[], $6::timestamptz[],
			$7::uuid[], $8::boolean[], $9::text[], $10::bytea[], $11::text[], $12::bytea[]) AS r
		WHERE f.organization_id = $1`
	b.queueColumns(queue, insert, &fresh)
	b.queueColumns(queue, insert+`
		ON CONFLICT (organization_id, kind, id) DO UPDATE SET
			seq = excluded.seq, version = excluded.version, modified_at = excluded.modified_at,
			device_id = excluded.device_id, deleted = excluded.deleted, bucket = excluded.bucket, hash = excluded.hash,
			data = excluded.data, chain = excluded.chain, received_at = excluded.received_at`, &changed)
}

func (b *batch) queueColumns(queue *pgx.Batch, statement string, c *columns) {
	if len(c.kinds) > 0 {
		queue.Queue(statement, b.writer.organization, c.kinds, c.ids, c.seqs, c.versions, c.modifiedAts, c.devices, c.deleted, c.buckets,
			c.hashes, c.data, c.chains, b.writer.now)
	}
}

// queueTouches takes over later times of equal content, without a new place in
// the feed: the same version, whose link in the chain is made anew.
func (b *batch) queueTouches(queue *pgx.Batch) {
	var c columns
	for key, s := range b.states {
		if s.touched && !s.written {
			c.recordKeys.addKey(key)
			c.modifiedAts, c.devices = append(c.modifiedAts, s.ModifiedAt), append(c.devices, s.Device)
		}
	}
	if len(c.kinds) == 0 {
		return
	}
	queue.Queue(`
		UPDATE records r SET modified_at = t.modified_at, device_id = t.device_id, chain = record_chain(coalesce(
			(SELECT h.chain FROM record_history h
				WHERE h.organization_id = $1 AND h.kind = r.kind AND h.id = r.id AND h.version = r.version - 1),
			(SELECT c.chain FROM history_cuts c
				WHERE c.organization_id = $1 AND c.kind = r.kind AND c.id = r.id AND c.version = r.version - 1),
			$6), $1, r.kind, r.id, r.version, r.seq, t.modified_at, r.received_at, t.device_id, r.deleted, r.hash)
		FROM unnest($2::text[], $3::uuid[], $4::timestamptz[], $5::uuid[]) AS t (kind, id, modified_at, device_id)
		WHERE r.organization_id = $1 AND r.kind = t.kind AND r.id = t.id`,
		b.writer.organization, c.kinds, c.ids, c.modifiedAts, c.devices, make([]byte, len(sync.Chain{})))
}

// queueCurrent reads the current records that stale and conflicting changes met, in
// order, as far as the answer to the push has room for them.
func (b *batch) queueCurrent(queue *pgx.Batch) {
	if len(b.overruled) == 0 {
		return
	}
	var keys recordKeys
	results := map[sync.RecordKey][]*Result{}
	for _, i := range b.overruled { // results stand in the order of changes
		key := b.changes[i].recordKey()
		if results[key] = append(results[key], &b.results[i]); len(results[key]) == 1 {
			keys.addKey(key)
		}
	}
	queue.Queue(`
		SELECT `+sync.RecordColumns+` FROM (
			SELECT r.*, sum(octet_length(r.data)) OVER (ORDER BY p.place) AS size
			FROM unnest($2::text[], $3::uuid[]) WITH ORDINALITY AS p (kind, id, place)
			CROSS JOIN LATERAL (SELECT * FROM records WHERE organization_id = $1 AND kind = p.kind AND id = p.id OFFSET 0) r) s
		WHERE size <= $4`, b.writer.organization, keys.kinds, keys.ids, maxCurrentBytes-b.writer.currentBytes).
		Query(func(rows pgx.Rows) error {
			records := sync.ReadRecords(rows)
			for records.Next() {
				current := records.Record
				current.Data = bytes.Clone(current.Data)
				for _, result := range results[sync.RecordKey{Kind: current.Kind, ID: current.ID}] {
					if b.writer.currentBytes += int64(len(current.Data)); b.writer.currentBytes <= maxCurrentBytes {
						result.Current = &current
					}
				}
			}
			return records.Err()
		})
}

// maxCurrentBytes is how much data of current records the answer to a push holds.
const maxCurrentBytes = sync.MaxBytes
