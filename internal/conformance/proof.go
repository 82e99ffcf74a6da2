package conformance

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/gowebpki/jcs"
)

var proofs = []clause{
	{"rejections", 0, "Rejections are kept as they were sent, listed, and healed", keptRejections},
	{"digests", 0, "Digests are those that a client computes of the feed", checkDigests},
	{"digest-records", 0, "The records of a bucket are listed with their hashes", digestRecords},
}

// canonicalJSON is the canonical JSON of a text (RFC 8785).
func canonicalJSON(data []byte) ([]byte, error) { return jcs.Transform(data) }

// hashOf is the hash of a record, as docs/protocol.md has it.
func hashOf(id string, deleted bool, data []byte) (hash [sha256.Size]byte, err error) {
	flag := byte(0)
	if deleted {
		flag, data = 1, []byte("{}")
	}
	text, err := canonicalJSON(data)
	if err != nil {
		return hash, err
	}
	parsed, err := uuid.Parse(id)
	return sha256.Sum256(slices.Concat(parsed[:], []byte{flag}, text)), err
}

// contentHash is the hash of a change that is well formed.
func (c change) contentHash() [sha256.Size]byte {
	hash, err := hashOf(c.ID, c.Deleted, c.Data)
	if err != nil {
		panic(err)
	}
	return hash
}

// bucket is what a bucket's digest must be.
type bucket struct {
	count  int
	digest [16]byte
}

func (b *bucket) addHash(hash [sha256.Size]byte) {
	b.count++
	for i := range b.digest {
		b.digest[i] ^= hash[i]
	}
}

// bucketOf is the bucket that a record of the feed counts in.
func bucketOf(r record, byMonth bool) string {
	var data struct {
		OccurredAt *time.Time `json:"occurred_at"`
	}
	err := json.Unmarshal(r.Data, &data)
	switch document := r.Kind == "write_off" || r.Kind == "receipt"; {
	case !document:
		return r.ID[:2]
	case r.Deleted || err != nil || data.OccurredAt == nil:
		return "deleted"
	}
	day := data.OccurredAt.UTC().Format(time.DateOnly)
	if byMonth {
		return day[:7]
	}
	return day
}

// compareDigests demands that the digests of a kind are those of its records in
// the feed.
func (p *probe) compareDigests(kind, by string) {
	expected := map[string]*bucket{}
	fed := p.readToEnd("", "kinds", kind)
	for _, r := range fed.Changes {
		name := bucketOf(r, by == "month")
		if expected[name] == nil {
			expected[name] = &bucket{}
		}
		hash, err := hashOf(r.ID, r.Deleted, r.Data)
		fed.expect(err == nil, "records that can be hashed: %v", err)
		expected[name].addHash(hash)
	}
	got := p.fetchDigest("kind", kind, "by", by)
	got.expect(slices.Equal(slices.Sorted(maps.Keys(got.buckets)), slices.Sorted(maps.Keys(expected))),
		"the buckets %v", slices.Sorted(maps.Keys(expected)))
	for name, b := range expected {
		got.expect(got.buckets[name] == *b, "bucket %s with the count %d and the digest %x, as the records of the feed have it", name, b.count, b.digest)
	}
}

// digested is the answer of digests.
type digested struct {
	*answer
	buckets map[string]bucket
}

func (p *probe) fetchDigest(query ...string) digested {
	values := url.Values{}
	for i := 0; i < len(query); i += 2 {
		if query[i+1] != "" {
			values.Set(query[i], query[i+1])
		}
	}
	got := digested{answer: p.send(request{path: "/digest?" + values.Encode()}), buckets: map[string]bucket{}}
	var body struct {
		Buckets []struct {
			Bucket, Digest string
			Count          int
		}
	}
	got.expectStatus(http.StatusOK).decodeJSON(&body)
	for _, b := range body.Buckets {
		raw, err := hex.DecodeString(b.Digest)
		got.expect(err == nil && len(raw) == 16, "digests of 16 bytes in hex")
		got.buckets[b.Bucket] = bucket{b.Count, [16]byte(raw)}
	}
	return got
}

func checkDigests(p *probe) {
	device, now := uuid.NewString(), time.Now()
	day := time.Date(2020, 2, 29, 23, 30, 0, 0, time.UTC)
	documents := []change{writeOff(day, 1), writeOff(day.In(time.FixedZone("", 3*3600)), 2), writeOff(day.AddDate(0, 0, 1), 1), writeOff(day, 1)}
	p.push(device, append(documents, writeOff(day.AddDate(0, 0, -1), 1))...).expectEach("applied")
	p.push(device, documents[3].deletedAt(now)).expectEach("applied")
	p.push(device, append(unitChanges(40, "Digests", now), unitChange("", now).deletedAt(now))...).expectEach("applied")
	p.compareDigests("unit", "")
	p.compareDigests("unit", "byte")
	p.compareDigests("write_off", "day")
	p.compareDigests("write_off", "month")

	part := p.fetchDigest("kind", "write_off", "from", "2020-02-29", "to", "2020-02-29")
	expected := bucket{}
	for _, c := range documents[:2] {
		expected.addHash(c.contentHash())
	}
	part.expect(len(part.buckets) == 1 && part.buckets["2020-02-29"] == expected,
		"only the bucket 2020-02-29, with the count 2 and the digest %x", expected.digest)
}

// listed is the answer of digest/records.
type listed struct {
	*answer
	hashes map[string]fingerprint
}

type fingerprint struct {
	Bucket     string
	ID         string
	Hash       string
	ModifiedAt time.Time `json:"modified_at"`
	Deleted    bool
}

func (p *probe) fetchFingerprints(kind, bucket string) listed {
	got := listed{answer: p.send(request{path: "/digest/records?kind=" + kind + "&bucket=" + bucket}), hashes: map[string]fingerprint{}}
	var body struct{ Records []fingerprint }
	got.expectStatus(http.StatusOK).decodeJSON(&body)
	for _, f := range body.Records {
		got.hashes[f.ID] = f
	}
	return got
}

func digestRecords(p *probe) {
	device, now := uuid.NewString(), time.Now()
	day := time.Date(2019, 12, 31, 12, 0, 0, 0, time.UTC)
	there, gone, directory := writeOff(day, 2), writeOff(day, 1), unitChange("Listed", now)
	p.push(device, there, gone, directory).expectEach("applied")
	gone = gone.deletedAt(now)
	p.push(device, gone).expectEach("applied")
	for _, c := range []struct {
		change
		bucket string
	}{{there, "2019-12-31"}, {gone, "deleted"}, {directory, directory.ID[:2]}} {
		got := p.fetchFingerprints(c.Kind, c.bucket)
		hash := c.contentHash()
		one := got.hashes[c.ID]
		at, _ := time.Parse(time.RFC3339Nano, c.ModifiedAt)
		got.expect(one.Bucket == c.bucket, "%s in the bucket %s", c.ID, c.bucket)
		got.expect(one.Hash == hex.EncodeToString(hash[:]) && one.Deleted == c.Deleted && one.ModifiedAt.Equal(at.Truncate(time.Microsecond)),
			"%s with the hash %x, modified_at %s, deleted %v", c.ID, hash, c.ModifiedAt, c.Deleted)
	}
	both := p.fetchFingerprints("write_off", "2019-12-31,deleted")
	for _, id := range []string{there.ID, gone.ID} {
		_, listed := both.hashes[id]
		both.expect(listed, "%s, which is in one of the two buckets", id)
	}
	day1 := p.fetchFingerprints("write_off", "2019-12-31")
	_, still := day1.hashes[gone.ID]
	day1.expect(!still, "the deleted %s in the bucket deleted only", gone.ID)
}

// rejection is what is kept of a change that broke a rule.
type rejection struct {
	Kind, ID, Code  string
	DeviceID        string `json:"device_id"`
	Errors          []flaw
	Attempts        int
	Data            json.RawMessage
	FirstRejectedAt time.Time `json:"first_rejected_at"`
	LastRejectedAt  time.Time `json:"last_rejected_at"`
}

// kept is the answer of rejections.
type kept struct {
	*answer
	Items      []rejection
	NextCursor string
	Total      int
}

// fetchRejections reads what is kept as rejected, all pages of it.
func (p *probe) fetchRejections(query ...string) kept {
	var all []rejection
	cursor := ""
	for {
		got := p.rejectionPage(append([]string{"cursor", cursor}, query...)...)
		all = append(all, got.Items...)
		got.expect(got.NextCursor == "" || got.NextCursor != cursor, "a next_cursor that goes on")
		if cursor = got.NextCursor; cursor == "" {
			got.Items = all
			return got
		}
	}
}

func (p *probe) rejectionPage(query ...string) kept {
	values := url.Values{}
	for i := 0; i < len(query); i += 2 {
		if query[i+1] != "" {
			values.Set(query[i], query[i+1])
		}
	}
	got := kept{answer: p.send(request{path: "/rejections?" + values.Encode()})}
	var body struct {
		Items      []rejection
		NextCursor string `json:"next_cursor"`
		Total      int
	}
	got.expectStatus(http.StatusOK).decodeJSON(&body)
	got.Items, got.NextCursor, got.Total = body.Items, body.NextCursor, body.Total
	return got
}

func (k kept) findRejection(c change) rejection {
	at := slices.IndexFunc(k.Items, func(r rejection) bool { return r.Kind == c.Kind && r.ID == c.ID })
	if at < 0 {
		return rejection{}
	}
	return k.Items[at]
}

func (k kept) hasRejection(c change) bool { return k.findRejection(c).ID != "" }

func keptRejections(p *probe) {
	device, now := uuid.NewString(), time.Now()
	bad, worse := unitChange("", now), unitChange("", now)
	bad.Data = json.RawMessage(`{"name":8,"extra":{"kept":true}}`)
	worse.Data = json.RawMessage(`{"name":7}`)
	got := p.push(device, bad, worse).expectEach("rejected")
	for i, r := range got.Results {
		got.expect(r.Kept != nil && *r.Kept, "result number %d to say that it is kept", i+1)
	}
	p.push(device, bad).expectEach("rejected")
	all := p.fetchRejections("kind", "unit", "limit", "200")
	found := all.findRejection(bad)
	data, _ := canonicalJSON(found.Data)
	sent, _ := canonicalJSON(bad.Data)
	all.expect(found.Code == "invalid" && len(found.Errors) > 0 && found.DeviceID == device && bytes.Equal(data, sent),
		"%s with code, errors, device_id, and its data as sent", bad.ID)
	all.expect(found.Attempts == 2 && !found.LastRejectedAt.Before(found.FirstRejectedAt) && !found.FirstRejectedAt.IsZero(),
		"%s with 2 attempts, and the times of the first and the last", bad.ID)
	all.expect(all.hasRejection(worse) && all.Total == len(all.Items), "%s too, and a total of all", worse.ID)
	all.expect(!slices.ContainsFunc(all.Items, func(r rejection) bool { return r.Kind != "unit" }), "units only")
	newest := p.rejectionPage("limit", "1")
	newest.expect(len(newest.Items) == 1 && newest.Items[0].ID == bad.ID && newest.NextCursor != "", "the newest one, %s, and a next_cursor", bad.ID)

	p.push(device, bad.renamedAt(strings.Repeat("Healed ", 2), now.Add(time.Second)), worse.deletedAt(now.Add(time.Second))).expectEach("applied")
	all = p.fetchRejections("kind", "unit", "limit", "200")
	all.expect(!all.hasRejection(bad) && !all.hasRejection(worse), "neither: later changes of both were accepted")
}
