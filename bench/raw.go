package main

import (
	"context"
	"io"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// raw is the limit: pgx on one connection, the same table, the same durable
// PostgreSQL, and nothing of the server.
type raw struct {
	conn         *pgx.Conn
	organization uuid.UUID
	device       uuid.UUID
	seq          int64
}

func (c *cabinet) newRaw(ctx context.Context) (*raw, error) {
	conn, err := pgx.Connect(ctx, c.dsn)
	return &raw{conn: conn, organization: uuid.New(), device: uuid.New()}, err
}

// columns are the rows of one batch as unnest takes them.
type columns []any

// columnsOf lays a batch out, outside of the measured time.
func (r *raw) columnsOf(b *batch) columns {
	n := len(b.ids)
	kinds, ids, seqs, versions := make([]string, n), make([][16]byte, n), make([]int64, n), make([]int64, n)
	modified, devices, deleted := make([]time.Time, n), make([][16]byte, n), make([]bool, n)
	buckets, hashes, chains := make([]string, n), make([][]byte, n), make([][]byte, n)
	now := time.Now()
	for i, id := range b.ids {
		r.seq++
		kinds[i], ids[i], seqs[i], versions[i], modified[i] = "receipt", id, r.seq, 1, now
		devices[i], buckets[i], hashes[i], chains[i] = r.device, "2026-05-25", make([]byte, 32), make([]byte, 32)
		copy(hashes[i], id[:]) // as different from each other as real ones
		copy(chains[i], id[:])
	}
	return columns{r.organization, kinds, ids, seqs, versions, modified, devices, deleted, buckets, hashes, b.data, chains, now}
}

// copyRows is one statement, which is one durable transaction.
func (r *raw) copyRows(ctx context.Context, rows columns) error {
	_, err := r.conn.Exec(ctx, `
		INSERT INTO records (organization_id, kind, id, seq, version, modified_at, device_id, deleted, bucket, hash, data, chain, received_at)
		SELECT $1, r.*, $13 FROM unnest($2::text[], $3::uuid[], $4::bigint[], $5::bigint[], $6::timestamptz[],
			$7::uuid[], $8::boolean[], $9::text[], $10::bytea[], $11::text[], $12::bytea[]) AS r
		ON CONFLICT (organization_id, kind, id) DO UPDATE SET seq = excluded.seq, data = excluded.data`, rows...)
	return err
}

// countDocuments takes the documents of an organization, in the order of its feed, and
// writes them to a discarded stream.
func (r *raw) countDocuments(ctx context.Context, organization uuid.UUID) (documents int, err error) {
	found, err := r.conn.Query(ctx, `SELECT data FROM records WHERE organization_id = $1 ORDER BY seq`, organization)
	if err != nil {
		return 0, err
	}
	defer found.Close()
	for ; found.Next(); documents++ {
		if _, err := io.Discard.Write(found.RawValues()[0]); err != nil {
			return 0, err
		}
	}
	return documents, found.Err()
}
