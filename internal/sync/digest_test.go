package sync_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

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
		err := v.feed.Fingerprints(context.Background(), v.organization, "unit", []string{d.Bucket}, func(p sync.Fingerprint) error {
			for i := range hashes {
				hashes[i] ^= p.Hash[i]
			}
			return nil
		})
		require.NoError(v, err)
		require.Equal(v, d.Digest, fmt.Sprintf("%x", hashes), "the digest is the XOR of the listed hashes")
	}
	return digests
}
