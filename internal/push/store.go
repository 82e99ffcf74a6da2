package push

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/binary"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/interpos/cabinet/internal/sync"
)

// store writes what decide has found of a portion, and what behind queues after that:
// everything in one round trip, in two where something is refused.
func (w *writer) store(ctx context.Context, tx pgx.Tx, behind func(*pgx.Batch)) error {
	batch := &pgx.Batch{}
	w.queueHealing(batch)
	if len(w.refused) > 0 {
		w.queueRoom(batch)
		w.wrote = true
		if err := tx.SendBatch(ctx, batch).Close(); err != nil {
			return err
		}
		batch = &pgx.Batch{}
		w.queueRejections(batch)
	}
	w.queueAccepted(batch)
	w.wrote = w.wrote || batch.Len() > 0
	w.queueConflicts(batch)
	behind(batch)
	if batch.Len() == 0 {
		return nil
	}
	return tx.SendBatch(ctx, batch).Close()
}

// finish ends a push whose changes are all written. One that brought nothing new
// need not wait for the disk: all that a crash could take is the time of its contact.
func (w *writer) finish(ctx context.Context, tx pgx.Tx) error {
	batch := &pgx.Batch{}
	if !w.wrote {
		batch.Queue(`SET LOCAL synchronous_commit = off`)
	}
	w.queueHead(batch)
	batch.Queue(`
		INSERT INTO devices (organization_id, id, first_seen_at, last_seen_at, last_push_at) VALUES ($1, $2, $3, $3, $3)
		ON CONFLICT (organization_id, id) DO UPDATE SET last_seen_at = excluded.last_seen_at, last_push_at = excluded.last_push_at`,
		w.organization, w.device, w.now)
	return tx.SendBatch(ctx, batch).Close()
}

// queueAccepted writes the accepted changes.
func (w *writer) queueAccepted(batch *pgx.Batch) {
	w.queueHistory(batch)
	w.queueRecords(batch)
	w.queueTouches(batch)
}

// queueHead moves the head of the feed, and marks that it was this push.
func (w *writer) queueHead(batch *pgx.Batch) {
	if w.head == w.before.Head {
		return
	}
	var random [8]byte
	_, _ = rand.Read(random[:]) // never fails
	w.mark = int64(binary.BigEndian.Uint64(random[:]))
	batch.Queue(`UPDATE feeds SET head = $2, mark = $3 WHERE organization_id = $1`, w.organization, w.head, w.mark)
	batch.Queue(`INSERT INTO feed_marks (organization_id, seq, mark, marked_at) VALUES ($1, $2, $3, $4)`,
		w.organization, w.head, w.mark, w.now)
}

// columns are the records to write, one slice a column, as unnest takes them.
// Ids stand as plain arrays: pgx sends those in binary, but asks uuid.UUID for
// its text.
type columns struct {
	kinds       []string
	ids         [][16]byte
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

func (c *columns) add(key sync.RecordKey, s *state) {
	c.kinds, c.ids = append(c.kinds, key.Kind), append(c.ids, key.ID)
	c.seqs, c.versions = append(c.seqs, s.Seq), append(c.versions, s.Version)
	c.modifiedAts, c.devices = append(c.modifiedAts, s.ModifiedAt), append(c.devices, s.Device)
	c.deleted, c.hashes = append(c.deleted, s.Deleted), append(c.hashes, s.Hash[:])
	c.buckets, c.data = append(c.buckets, s.bucket), append(c.data, s.data)
	c.chains = append(c.chains, s.chain[:])
}

// queueRecords writes the states that records have after this portion. All
// writers of an organization's records hold the lock on its feed: a record that
// look has not found is not there, and needs no ON CONFLICT, which costs a second
// look and a second entry in the log for each row.
func (w *writer) queueRecords(batch *pgx.Batch) {
	var fresh, changed columns
	for _, key := range w.written {
		if s := w.states[key]; s.previous == nil {
			fresh.add(key, s)
		} else {
			changed.add(key, s)
		}
	}
	const insert = `
		INSERT INTO records (organization_id, kind, id, seq, version, modified_at, device_id, deleted, bucket, hash, data, chain, received_at)
		SELECT $1, r.*, $13 FROM unnest($2::text[], $3::uuid[], $4::bigint[], $5::bigint[], $6::timestamptz[],
			$7::uuid[], $8::boolean[], $9::text[], $10::bytea[], $11::text[], $12::bytea[]) AS r`
	w.queueColumns(batch, insert, &fresh)
	w.queueColumns(batch, insert+`
		ON CONFLICT (organization_id, kind, id) DO UPDATE SET
			seq = excluded.seq, version = excluded.version, modified_at = excluded.modified_at,
			device_id = excluded.device_id, deleted = excluded.deleted, bucket = excluded.bucket, hash = excluded.hash,
			data = excluded.data, chain = excluded.chain, received_at = excluded.received_at`, &changed)
}

func (w *writer) queueColumns(batch *pgx.Batch, statement string, c *columns) {
	if len(c.kinds) > 0 {
		batch.Queue(statement, w.organization, c.kinds, c.ids, c.seqs, c.versions, c.modifiedAts, c.devices, c.deleted, c.buckets,
			c.hashes, c.data, c.chains, w.now)
	}
}

// queueTouches takes over later times of equal content, without a new place in
// the feed: the same version, whose link in the chain is made anew.
func (w *writer) queueTouches(batch *pgx.Batch) {
	var c columns
	for key, s := range w.states {
		if s.touched && !s.written {
			c.kinds, c.ids = append(c.kinds, key.Kind), append(c.ids, key.ID)
			c.modifiedAts, c.devices = append(c.modifiedAts, s.ModifiedAt), append(c.devices, s.Device)
		}
	}
	if len(c.kinds) == 0 {
		return
	}
	batch.Queue(`
		UPDATE records r SET modified_at = t.modified_at, device_id = t.device_id, chain = record_chain(coalesce(
			(SELECT h.chain FROM record_history h
				WHERE h.organization_id = $1 AND h.kind = r.kind AND h.id = r.id AND h.version = r.version - 1),
			(SELECT c.chain FROM history_cuts c
				WHERE c.organization_id = $1 AND c.kind = r.kind AND c.id = r.id AND c.version = r.version - 1),
			$6), $1, r.kind, r.id, r.version, r.seq, t.modified_at, r.received_at, t.device_id, r.deleted, r.hash)
		FROM unnest($2::text[], $3::uuid[], $4::timestamptz[], $5::uuid[]) AS t (kind, id, modified_at, device_id)
		WHERE r.organization_id = $1 AND r.kind = t.kind AND r.id = t.id`,
		w.organization, c.kinds, c.ids, c.modifiedAts, c.devices, make([]byte, len(sync.Chain{})))
}

// queueConflicts reads the current records that conflicting changes met.
func (w *writer) queueConflicts(batch *pgx.Batch) {
	for _, i := range w.conflicts {
		result := &w.results[i]
		batch.Queue(`SELECT `+sync.RecordColumns+` FROM records WHERE organization_id = $1 AND kind = $2 AND id = $3`,
			w.organization, result.Kind, result.ID).Query(func(rows pgx.Rows) error {
			records := sync.ReadRecords(rows)
			if records.Next() {
				records.Data = bytes.Clone(records.Data)
				result.Current = &records.Record
			}
			return records.Err()
		})
	}
}
