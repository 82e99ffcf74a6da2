package sync

import (
	"context"
	"encoding/binary"
	"encoding/hex"
	"slices"
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
	ctx = db.For(ctx, db.Comparing)
	err = f.db.Snapshot(ctx, organization, func(tx db.Tx) error {
		rows, err := tx.Query(ctx, `
			SELECT name, count(*), bit_xor(high), bit_xor(low) FROM (
				SELECT CASE WHEN $5 THEN left(bucket, 7) ELSE bucket END AS name,
					('x' || encode(substr(hash, 1, 8), 'hex'))::bit(64)::bigint AS high,
					('x' || encode(substr(hash, 9, 8), 'hex'))::bit(64)::bigint AS low
				FROM records
				WHERE organization_id = $1 AND kind = $2 AND bucket <> '' AND ($3 = '' OR bucket >= $3) AND ($4 = '' OR bucket <= $4)) r
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

// fingerprintsAtOnce is how many are read in one transaction: whoever takes them may be slow,
// and holds neither more than these nor a connection of the database.
const fingerprintsAtOnce = 10_000

// Fingerprints calls yield with the records of some buckets, by bucket and id, some at a time.
func (f *Feed) Fingerprints(ctx context.Context, organization uuid.UUID, kind string, buckets []string, yield func([]Fingerprint) error) error {
	buckets = slices.Clone(buckets)
	slices.Sort(buckets)
	for _, bucket := range slices.Compact(buckets) {
		for after, more := uuid.Nil, true; more; {
			some, err := f.someFingerprints(ctx, organization, kind, bucket, after)
			if err != nil {
				return err
			}
			if more = len(some) == fingerprintsAtOnce; more {
				after = some[len(some)-1].ID
			}
			if len(some) == 0 {
				continue
			}
			if err := yield(some); err != nil {
				return err
			}
		}
	}
	return nil
}

// someFingerprints reads those of a bucket behind an id. One bucket at a time is found by its
// index even where the planner knows nothing yet of the table; the order is no reason for it to
// read the whole kind by its ids.
func (f *Feed) someFingerprints(ctx context.Context, organization uuid.UUID, kind, bucket string, after uuid.UUID) (some []Fingerprint, err error) {
	err = f.db.ForOrganization(ctx, organization, func(tx db.Tx) error {
		rows, err := tx.Query(ctx, `
			WITH found AS MATERIALIZED (
				SELECT bucket, id, modified_at, device_id, deleted, hash FROM records
				WHERE organization_id = $1 AND kind = $2 AND bucket = $3 AND bucket <> '' AND id > $4)
			SELECT * FROM found ORDER BY id LIMIT $5`,
			organization, kind, bucket, after, fingerprintsAtOnce)
		if err != nil {
			return err
		}
		some, err = pgx.CollectRows(rows, pgx.RowToStructByPos[Fingerprint])
		return err
	})
	return some, err
}
