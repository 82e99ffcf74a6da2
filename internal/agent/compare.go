package agent

import (
	"bytes"
	"context"
	"maps"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/interpos/cabinet/internal/agent/extract"
	"github.com/interpos/cabinet/internal/agent/source"
	"github.com/interpos/cabinet/internal/agent/state"
	"github.com/interpos/cabinet/internal/canonical"
	"github.com/interpos/cabinet/internal/client"
)

// Comparison says how far the source and the cabinet hold the same of a kind.
type Comparison struct {
	Kind      string
	Source    int // records here, deletions that were sent among them
	Equal     int
	Missing   int // not in the cabinet
	Different int
	Gone      int      // sent from here and no longer in the source, but alive in the cabinet
	Kept      int      // the same, of a kind whose vanished rows are not deletions
	Others    int      // in the cabinet, and not sent from here
	Buckets   []Bucket // those with missing, different or gone records, in their order
}

// Same says whether the cabinet holds all that the source holds, and nothing
// that vanished from it.
func (c *Comparison) Same() bool { return c.Missing+c.Different+c.Gone == 0 }

// Bucket is a part of a kind: a day of documents, or a directory's records
// whose ids begin with the same byte.
type Bucket struct {
	Name                     string
	Missing, Different, Gone int
}

// twin is a record of the source, or a deletion that was sent, without its data.
type twin struct {
	id         uuid.UUID
	key        source.Value
	hash       [32]byte
	modifiedAt time.Time // change mark; zero where the kind has none
	deleted    bool
}

// heap is what the source has in one bucket.
type heap struct {
	digest [16]byte
	twins  []twin
}

func (h *heap) add(t twin) {
	for i := range h.digest {
		h.digest[i] ^= t.hash[i]
	}
	h.twins = append(h.twins, t)
}

// comparing is the comparison of one kind at work.
type comparing struct {
	*reading
	Comparison
	entries []extract.Entry
	heaps   map[string]*heap
	present map[uuid.UUID]bool // in the source
	buckets map[string]*Bucket

	equal []twin
	wrong []twin                  // missing or different in the cabinet
	there map[uuid.UUID]time.Time // times of the different ones in the cabinet
	gone  []state.Record
}

// compare reads the whole kind and holds it against the cabinet's digests;
// where those differ, record by record. Nothing is changed.
func (r *reading) compare(ctx context.Context, digests []client.BucketDigest) (*comparing, error) {
	c := &comparing{
		reading: r, Comparison: Comparison{Kind: r.kind.Record.Name}, heaps: map[string]*heap{},
		present: map[uuid.UUID]bool{}, buckets: map[string]*Bucket{}, there: map[uuid.UUID]time.Time{},
	}
	if err := c.readSource(ctx); err != nil {
		return nil, err
	}
	if err := c.addTombstones(ctx); err != nil {
		return nil, err
	}
	cabinet, err := c.fingerprints(ctx, c.unequal(digests))
	if err != nil {
		return nil, err
	}
	c.judge(cabinet)
	if err := c.judgeRest(ctx, cabinet); err != nil {
		return nil, err
	}
	c.Equal = len(c.equal)
	for _, name := range slices.Sorted(maps.Keys(c.buckets)) {
		c.Buckets = append(c.Buckets, *c.buckets[name])
	}
	return c, nil
}

func (c *comparing) readSource(ctx context.Context) (err error) {
	if c.entries, err = c.extractor.List(ctx, nil); err != nil {
		return sourceError{err}
	}
	c.Progress.Kind(c.Kind, len(c.entries))
	for some := range slices.Chunk(keysOf(c.entries), batchSize) {
		records, err := c.extractor.Read(ctx, some)
		if err != nil {
			return sourceError{err}
		}
		for i := range records {
			r := &records[i]
			c.present[r.ID] = true
			c.add(r.Bucket, twin{r.ID, r.Key, r.Hash, r.ModifiedAt, r.Deleted})
		}
		c.Progress.Advance(len(some), 0)
	}
	return nil
}

func (c *comparing) add(bucket string, t twin) {
	if c.heaps[bucket] == nil {
		c.heaps[bucket] = &heap{}
	}
	c.heaps[bucket].add(t)
	c.Source++
}

// addTombstones counts the deletions that the cabinet has taken from here as
// the source's own.
func (c *comparing) addTombstones(ctx context.Context) error {
	dead, err := c.state.Tombstones(ctx, c.Kind)
	if err != nil {
		return err
	}
	for _, known := range dead {
		if !c.present[known.ID] {
			hash := canonical.Hash(known.ID, true, []byte(canonical.Tombstone))
			bucket := c.kind.Record.Bucket(known.ID, true, canonical.Value{})
			c.add(bucket, twin{known.ID, known.Key, hash, known.ModifiedAt, true})
		}
	}
	return nil
}

// unequal takes the buckets with equal digests out, and gives the cabinet's others.
func (c *comparing) unequal(digests []client.BucketDigest) (others []client.BucketDigest) {
	for _, there := range digests {
		here := c.heaps[there.Bucket]
		if here != nil && len(here.twins) == there.Count && bytes.Equal(here.digest[:], there.Digest) {
			c.equal = append(c.equal, here.twins...)
			delete(c.heaps, there.Bucket)
			continue
		}
		others = append(others, there)
	}
	return others
}

// fingerprints are the records of buckets as the cabinet has them.
func (c *comparing) fingerprints(ctx context.Context, buckets []client.BucketDigest) (map[uuid.UUID]client.Fingerprint, error) {
	cabinet := map[uuid.UUID]client.Fingerprint{}
	for len(buckets) > 0 {
		names := portion(buckets)
		buckets = buckets[len(names):]
		err := c.call(ctx, func(ctx context.Context) error {
			return c.cabinet.Fingerprints(ctx, c.Kind, names, func(one *client.Fingerprint) error {
				cabinet[one.ID] = *one
				return nil
			})
		})
		if err != nil {
			return nil, explain(err)
		}
	}
	return cabinet, nil
}

// listSize is how many records are listed at once, where the buckets are smaller.
const listSize = 5000

// portion names the first buckets, as many as make an answer of listSize.
func portion(buckets []client.BucketDigest) (names []string) {
	count := 0
	for _, b := range buckets {
		if count += b.Count; len(names) > 0 && (count > listSize || len(names) == client.MaxBuckets) {
			break
		}
		names = append(names, b.Bucket)
	}
	return names
}

// judge looks at each record of the buckets that differ, and takes it out of
// what the cabinet has.
func (c *comparing) judge(cabinet map[uuid.UUID]client.Fingerprint) {
	for bucket, here := range c.heaps {
		for _, t := range here.twins {
			there, ok := cabinet[t.id]
			delete(cabinet, t.id)
			switch {
			case ok && bytes.Equal(there.Hash, t.hash[:]):
				c.equal = append(c.equal, t)
				continue
			case ok:
				c.there[t.id] = there.ModifiedAt
				c.Different++
				c.bucket(bucket).Different++
			default:
				c.Missing++
				c.bucket(bucket).Missing++
			}
			c.wrong = append(c.wrong, t)
		}
	}
}

func (c *comparing) bucket(name string) *Bucket {
	if c.buckets[name] == nil {
		c.buckets[name] = &Bucket{Name: name}
	}
	return c.buckets[name]
}

// judgeRest looks at what the source does not have. What the state does not
// know was not sent from here, and is none of this agent's business.
func (c *comparing) judgeRest(ctx context.Context, cabinet map[uuid.UUID]client.Fingerprint) error {
	maps.DeleteFunc(cabinet, func(_ uuid.UUID, there client.Fingerprint) bool { return there.Deleted })
	for ids := range slices.Chunk(slices.Collect(maps.Keys(cabinet)), batchSize) {
		known, err := c.state.Known(ctx, c.Kind, ids)
		if err != nil {
			return err
		}
		for _, id := range ids {
			ours, sent := known[id]
			switch {
			case !sent:
				c.Others++
			case !c.kind.Detect:
				c.Kept++
			default:
				c.Gone++
				c.bucket(cabinet[id].Bucket).Gone++
				c.gone = append(c.gone, ours)
			}
		}
	}
	return nil
}
