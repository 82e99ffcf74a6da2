package push

import (
	"context"

	"github.com/jackc/pgx/v5"

	"github.com/interpos/cabinet/internal/sync"
)

// batch is what is known and found out of some changes of a push, until they are written.
type batch struct {
	writer    *feedWriter
	changes   []change
	states    map[sync.RecordKey]*state // how records stand; none: the feed does not hold the record, or it was not looked up
	head      int64                     // of the feed with this batch
	results   []Result
	written   []sync.RecordKey          // states that this batch writes, in the order of the feed
	refused   map[rejectionKey]*refusal // to be kept, unless a later change of the batch heals it
	quota     quota                     // for rejections; read where something is refused
	accepted  []acceptance              // heals rejections
	overruled []int                     // results that need the current record
	wrote     bool                      // this batch changes what is stored
}

func (w *feedWriter) newBatch(changes []change) *batch {
	return &batch{
		writer: w, changes: changes, head: w.head, states: make(map[sync.RecordKey]*state, len(changes)),
		results: make([]Result, 0, len(changes)),
	}
}

// lookUp reads how the records of the batch stand.
func (b *batch) lookUp(ctx context.Context, tx pgx.Tx) error {
	queue := &pgx.Batch{}
	var all, shared recordKeys
	for i := range b.changes {
		if c := &b.changes[i]; c.code == "" {
			all.addKey(c.recordKey())
			if c.spec.Shared {
				shared.addKey(c.recordKey())
			}
		}
	}
	queue.Queue(`SELECT p.kind, p.id, r.version, r.seq, r.modified_at, r.device_id, r.hash, r.deleted, r.chain`+fromRecordsOf,
		b.writer.organization, all.kinds, all.ids).Query(b.readStates)
	if len(shared.kinds) > 0 {
		queue.Queue(`SELECT p.kind, p.id, r.data`+fromRecordsOf, b.writer.organization, shared.kinds, shared.ids).Query(b.readShared)
	}
	return tx.SendBatch(ctx, queue).Close()
}

// recordKeys are keys as unnest takes them. Ids stand as plain arrays: pgx sends those in
// binary, but asks uuid.UUID for its text.
type recordKeys struct {
	kinds []string
	ids   [][16]byte
}

func (k *recordKeys) addKey(key sync.RecordKey) {
	k.kinds, k.ids = append(k.kinds, key.Kind), append(k.ids, key.ID)
}

// fromRecordsOf finds the records of an organization ($1) by recordKeys ($2, $3). OFFSET 0
// makes PostgreSQL look each one up by its key: without statistics of a young table it would
// rather read all of it.
const fromRecordsOf = `
	FROM unnest($2::text[], $3::uuid[]) AS p (kind, id)
	CROSS JOIN LATERAL (SELECT * FROM records WHERE organization_id = $1 AND kind = p.kind AND id = p.id OFFSET 0) r`

func (b *batch) readStates(rows pgx.Rows) error {
	for rows.Next() {
		var key sync.RecordKey
		var hash, chain []byte
		s := &state{stored: true}
		if err := rows.Scan(&key.Kind, &key.ID, &s.Version, &s.Seq, &s.ModifiedAt, &s.Device, &hash, &s.Deleted, &chain); err != nil {
			return err
		}
		copy(s.Hash[:], hash)
		copy(s.chain[:], chain)
		b.states[key] = s
	}
	return rows.Err()
}

// readShared reads the data of records that several sides write: what may follow upon it
// is decided by it.
func (b *batch) readShared(rows pgx.Rows) error {
	var key sync.RecordKey
	var data string
	_, err := pgx.ForEachRow(rows, []any{&key.Kind, &key.ID, &data}, func() error {
		b.states[key].data = []byte(data)
		return nil
	})
	return err
}

// writeDecided writes what decideAll has found: everything in one round trip, in two where something
// is refused. With the name of a savepoint, the transaction can go back to where it was.
func (b *batch) writeDecided(ctx context.Context, tx pgx.Tx, savepoint string) error {
	queue := &pgx.Batch{}
	if savepoint != "" {
		queue.Queue(`SAVEPOINT ` + savepoint)
	}
	before := queue.Len()
	b.queueHealing(queue)
	if len(b.refused) > 0 {
		b.queueQuota(queue)
		if err := tx.SendBatch(ctx, queue).Close(); err != nil {
			return err
		}
		queue = &pgx.Batch{}
		b.queueRejections(queue)
	}
	b.queueAccepted(queue)
	b.wrote = len(b.refused) > 0 || queue.Len() > before
	b.queueCurrent(queue)
	if savepoint != "" {
		queue.Queue(`RELEASE SAVEPOINT ` + savepoint)
	}
	if queue.Len() == 0 {
		return nil
	}
	return tx.SendBatch(ctx, queue).Close()
}

// queueAccepted writes the accepted changes.
func (b *batch) queueAccepted(queue *pgx.Batch) {
	b.queueHistory(queue)
	b.queueRecords(queue)
	b.queueTouches(queue)
}
