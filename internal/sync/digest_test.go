package sync_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"github.com/interpos/cabinet/internal/db"
	"github.com/interpos/cabinet/internal/db/dbtest"
	"github.com/interpos/cabinet/internal/sync"
)

func TestEqualRecordsHaveEqualDigestsAndOthersDoNot(t *testing.T) {
	one := newOutlet(t)
	two := one
	two.organization = dbtest.Organization(t, one.db)
	a, b := uuid.New(), uuid.New()
	one.push(uuid.New(), unit(a, "kg", clock), unit(b, "l", clock))
	two.push(uuid.New(), unit(b, "l", clock.Add(time.Hour)))
	two.push(uuid.New(), unit(a, "g", clock))
	require.NotEqual(t, one.digest(), two.digest())
	two.push(uuid.New(), unit(a, "kg", clock.Add(time.Minute)))
	require.Equal(t, one.digest(), two.digest(), "equal content, whatever its order and times")

	deleted := sent{"kind": "unit", "id": a, "modified_at": clock.Add(time.Hour), "deleted": true}
	one.push(uuid.New(), deleted)
	require.NotEqual(t, one.digest(), two.digest(), "a deletion is content")
}

// digest folds the digests of all buckets of units.
func (v outlet) digest() map[string]string {
	v.Helper()
	found, err := v.feed.Digest(context.Background(), v.organization, sync.DigestQuery{Kind: "unit"})
	require.NoError(v, err)
	digests := map[string]string{}
	for _, d := range found {
		digests[d.Bucket] = fmt.Sprint(d.Count, d.Digest)
		var hashes [16]byte
		err := v.feed.Fingerprints(context.Background(), v.organization, "unit", []string{d.Bucket}, func(some []sync.Fingerprint) error {
			for _, p := range some {
				for i := range hashes {
					hashes[i] ^= p.Hash[i]
				}
			}
			return nil
		})
		require.NoError(v, err)
		require.Equal(v, d.Digest, fmt.Sprintf("%x", hashes), "the digest is the XOR of the listed hashes")
	}
	return digests
}

// However many records the buckets hold, they are listed some at a time, each once and in order.
func TestBucketsOfManyRecordsAreListedInParts(t *testing.T) {
	dsn := dbtest.DSN(t)
	v, database := openOutlet(t, dsn)
	v.organization = dbtest.Organization(t, database)
	const each = 12_000
	dbtest.Exec(t, dsn, `INSERT INTO records (organization_id, kind, id, seq, version, modified_at, device_id, deleted, bucket, hash, data, chain)
		SELECT $1, 'receipt', gen_random_uuid(), n, 1, now(), gen_random_uuid(), false, '2026-05-0' || 1 + n % 3, sha256(n::text::bytea), '{}', '' FROM generate_series(1, $2) n`,
		v.organization, 3*each)
	met, last := map[string]int{}, ""
	err := v.feed.Fingerprints(t.Context(), v.organization, "receipt", []string{"2026-05-03", "2026-05-01", "2026-05-03"}, func(some []sync.Fingerprint) error {
		require.LessOrEqual(t, len(some), 10_000)
		for _, p := range some {
			require.Greater(t, p.Bucket+p.ID.String(), last)
			last = p.Bucket + p.ID.String()
			met[p.Bucket]++
		}
		return nil
	})
	require.NoError(t, err)
	require.Equal(t, map[string]int{"2026-05-01": each, "2026-05-03": each}, met)

	// A day is found by itself, though nothing is known yet of the table.
	require.NoError(t, database.ForOrganization(t.Context(), v.organization, func(tx db.Tx) error {
		rows, err := tx.Query(t.Context(), `EXPLAIN WITH found AS MATERIALIZED (SELECT * FROM records WHERE organization_id = $1 AND kind = $2 AND bucket = $3 AND bucket <> '' AND id > $4)
			SELECT hash FROM found ORDER BY id LIMIT $5`,
			v.organization, "receipt", "2026-05-02", uuid.Nil, 10_000)
		require.NoError(t, err)
		plan, err := pgx.CollectRows(rows, pgx.RowTo[string])
		require.Contains(t, strings.Join(plan, "\n"), "records_buckets")
		return err
	}))
}
