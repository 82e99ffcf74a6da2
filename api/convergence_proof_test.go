package api_test

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/gowebpki/jcs"
	"github.com/stretchr/testify/require"
)

// prove holds all local databases against each other, the feed, and the digests.
func (f *localFleet) prove() {
	fresh := &local{fleet: f, rows: map[rowKey]localRow{}, fromFeed: map[rowKey]bool{}}
	for fresh.pull(100) {
		continue
	}
	for i, l := range f.locals {
		require.Equal(f, fresh.contents(), l.contents(), "local database %d", i)
	}
	for _, kind := range localKinds {
		var answer struct {
			Buckets []struct {
				Bucket, Digest string
				Count          int
			}
		}
		f.get("/digest", url.Values{"kind": {kind}}, &answer)
		cabinet := map[string]string{}
		for _, b := range answer.Buckets {
			cabinet[b.Bucket] = fmt.Sprint(b.Count, " ", b.Digest)
		}
		require.Equal(f, cabinet, fresh.digests(kind), kind)
	}
}

func (l *local) contents() map[rowKey]string {
	contents := map[rowKey]string{}
	for key, row := range l.rows {
		contents[key] = fmt.Sprint(row.deleted, " ", row.data)
	}
	return contents
}

// digests are those of the document's section on digests.
func (l *local) digests(kind string) map[string]string {
	counts, sums := map[string]int{}, map[string][16]byte{}
	for key, row := range l.rows {
		if key.kind != kind {
			continue
		}
		id := uuid.MustParse(key.id)
		flag := []byte{0}
		if row.deleted {
			flag[0] = 1
		}
		hash := sha256.Sum256(slices.Concat(id[:], flag, []byte(row.data)))
		bucket := l.bucket(key, row)
		sum := sums[bucket]
		for i := range sum {
			sum[i] ^= hash[i]
		}
		counts[bucket]++
		sums[bucket] = sum
	}
	digests := map[string]string{}
	for bucket, sum := range sums {
		digests[bucket] = fmt.Sprint(counts[bucket], " ", hex.EncodeToString(sum[:]))
	}
	return digests
}

func (l *local) bucket(key rowKey, row localRow) string {
	switch {
	case key.kind == "unit" || key.kind == "outlet":
		return key.id[:2]
	case row.deleted:
		return "deleted"
	}
	var data struct {
		OccurredAt *time.Time `json:"occurred_at"`
		PlacedAt   *time.Time `json:"placed_at"`
	}
	require.NoError(l.fleet, json.Unmarshal([]byte(row.data), &data))
	at := data.OccurredAt
	if at == nil {
		at = data.PlacedAt
	}
	return at.UTC().Format(time.DateOnly)
}

func canonicalText(t require.TestingT, value any) string {
	text, err := json.Marshal(value)
	require.NoError(t, err)
	canonical, err := jcs.Transform(text)
	require.NoError(t, err)
	return string(canonical)
}
