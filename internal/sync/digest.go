package sync

import (
	"context"
	"encoding/binary"
	"encoding/hex"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/interpos/cabinet/internal/db"
)

// DigestQuery selects what is digested: the buckets of one kind, between From
// and To as texts, both included ("" is no bound); by whole months where
// ByMonth is set, which makes sense for documents only.
type DigestQuery struct {
	Kind     string
	From, To string
	ByMonth  bool
}

// BucketDigest proves the content of a bucket: equal digests mean equal records,
// deleted ones included.
type BucketDigest struct {
	Bucket string
	Count  int
	Digest string // hex of the XOR of the first 16 bytes of the records' hashes
}

// Digest answers the digests of the buckets that hold records, in their order.
func (f *Feed) Digest(ctx context.Context, organization uuid.UUID, query DigestQuery) (digests []BucketDigest, err error) {
	err = f.db.Snapshot(ctx, organization, func(tx db.Tx) error {
		rows, err := tx.Query(ctx, `
			SELECT name, count(*), bit_xor(high), bit_xor(low) FROM (
				SELECT CASE WHEN $5 THEN left(bucket, 7) ELSE bucket END AS name,
					('x' || encode(substr(hash, 1, 8), 'hex'))::bit(64)::bigint AS high,
					('x' || encode(substr(hash, 9, 8), 'hex'))::bit(64)::bigint AS low
				FROM records
				WHERE organization_id = $1 AND kind = $2 AND ($3 = '' OR bucket >= $3) AND ($4 = '' OR bucket <= $4)) r
			GROUP BY name ORDER BY name`, organization, query.Kind, query.From, query.To, query.ByMonth)
		if err != nil {
			return err
		}
		digests, err = pgx.CollectRows(rows, scanDigest)
		return err
	})
	return digests, err
}

func scanDigest(row pgx.CollectableRow) (d BucketDigest, err error) {
	var high, low int64
	err = row.Scan(&d.Bucket, &d.Count, &high, &low)
	both := binary.BigEndian.AppendUint64(nil, uint64(high))
	d.Digest = hex.EncodeToString(binary.BigEndian.AppendUint64(both, uint64(low)))
	return d, err
}

// MaxBuckets is how many buckets may be listed at once: where several devices send
// records of one kind, the digests of many differ from what each device has.
const MaxBuckets = 64

// Fingerprint is one record of a bucket, without its data.
type Fingerprint struct {
	Bucket     string
	ID         uuid.UUID
	ModifiedAt time.Time
	DeviceID   uuid.UUID // of its latest change
	Deleted    bool
	Hash       []byte
}

// Fingerprints calls yield for each record of some buckets, by bucket and id.
func (f *Feed) Fingerprints(ctx context.Context, organization uuid.UUID, kind string, buckets []string, yield func(Fingerprint) error) error {
	return f.db.Snapshot(ctx, organization, func(tx db.Tx) error {
		rows, err := tx.Query(ctx, `
			SELECT bucket, id, modified_at, device_id, deleted, hash FROM records
			WHERE organization_id = $1 AND kind = $2 AND bucket = ANY ($3) ORDER BY bucket, id`, organization, kind, buckets)
		if err != nil {
			return err
		}
		var p Fingerprint
		_, err = pgx.ForEachRow(rows, []any{&p.Bucket, &p.ID, &p.ModifiedAt, &p.DeviceID, &p.Deleted, &p.Hash}, func() error { return yield(p) })
		return err
	})
}
