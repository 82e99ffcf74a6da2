package reconcile

import (
	"bytes"
	"context"
	"maps"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/interpos/cabinet/internal/agent/extract"
	"github.com/interpos/cabinet/internal/agent/link"
	"github.com/interpos/cabinet/internal/agent/mapping"
	"github.com/interpos/cabinet/internal/agent/scan"
	"github.com/interpos/cabinet/internal/agent/scratch"
	"github.com/interpos/cabinet/internal/agent/source"
	"github.com/interpos/cabinet/internal/agent/state"
	"github.com/interpos/cabinet/internal/canonical"
	"github.com/interpos/cabinet/internal/client"
)

// Progress is told how a comparison goes.
type Progress interface {
	Kind(name string, rows int)
	Advance(rows, sent int)
}

// Comparer compares one kind. It changes nothing.
type Comparer struct {
	Link      *link.Link
	State     *state.State
	Scratch   *scratch.DB
	Kind      *mapping.Kind
	Extractor *extract.Extractor
	Progress  Progress
	Received  bool // the kind also comes from the cabinet: others may write it
}

// found is what a comparison has found out; its records are in the scratch.
type found struct {
	Comparison
	listing *scan.Listing
	gone    *scratch.IDs
	kept    *scratch.IDs
	buckets map[string]*Bucket
}

// sum is what the source has in one bucket.
type sum struct {
	count  int
	digest [16]byte
}

type sums map[string]*sum

func (s sums) addHash(bucket string, hash [32]byte) {
	if s[bucket] == nil {
		s[bucket] = &sum{}
	}
	s[bucket].count++
	for i := range s[bucket].digest {
		s[bucket].digest[i] ^= hash[i]
	}
}

// Of the source: every record, and every deletion that was sent. Of the cabinet: what it has in the
// buckets that differ; shared are those that another source has changed too.
const tables = `
	DROP TABLE IF EXISTS here; CREATE TABLE here (id BLOB NOT NULL, key TEXT NOT NULL, key_type INTEGER NOT NULL, hash BLOB NOT NULL,
		modified_at INTEGER, deleted INTEGER NOT NULL, sent INTEGER NOT NULL, bucket TEXT NOT NULL);
	DROP TABLE IF EXISTS differs; CREATE TABLE differs (bucket TEXT PRIMARY KEY) WITHOUT ROWID;
	DROP TABLE IF EXISTS there; CREATE TABLE there (id BLOB PRIMARY KEY, bucket TEXT NOT NULL, hash BLOB NOT NULL, modified_at INTEGER NOT NULL, deleted INTEGER NOT NULL,
		device BLOB NOT NULL, shared INTEGER NOT NULL) WITHOUT ROWID;`

// Conditions of the records here, joined with the same ones there.
const (
	joined = " FROM here LEFT JOIN there ON there.id = here.id WHERE "
	wrong  = "here.bucket IN (SELECT bucket FROM differs) AND (there.id IS NULL OR there.hash <> here.hash)"
	equal  = "NOT (" + wrong + ")"
	theirs = "coalesce(there.shared AND (here.modified_at IS NULL OR here.modified_at <= there.modified_at), false)" // newer than what is here
	mine   = wrong + " AND NOT " + theirs
)

// Compare reads the whole kind and holds it against the cabinet's digests;
// where those differ, record by record.
func (c *Comparer) Compare(ctx context.Context) (*Comparison, error) {
	f, err := c.compareKind(ctx)
	if err != nil {
		return nil, err
	}
	return &f.Comparison, nil
}

func (c *Comparer) compareKind(ctx context.Context) (*found, error) {
	f := &found{Comparison: Comparison{Kind: c.Kind.Record.Name, Devices: map[uuid.UUID]int{}}, buckets: map[string]*Bucket{}}
	digests, err := c.readDigests(ctx)
	if err != nil {
		return nil, err
	}
	if _, err := c.Scratch.Exec(ctx, tables); err != nil {
		return nil, err
	}
	here := sums{}
	if err := c.readSource(ctx, f, here); err != nil {
		return nil, err
	}
	if err := c.addTombstones(ctx, f, here); err != nil {
		return nil, err
	}
	if err := c.readCabinet(ctx, here, digests); err != nil {
		return nil, err
	}
	if err := c.countHere(ctx, f); err != nil {
		return nil, err
	}
	if err := c.countRest(ctx, f); err != nil {
		return nil, err
	}
	f.Equal = f.Source - f.Missing - f.Different
	for _, name := range slices.Sorted(maps.Keys(f.buckets)) {
		f.Buckets = append(f.Buckets, *f.buckets[name])
	}
	return f, nil
}

func (c *Comparer) readDigests(ctx context.Context) (digests []client.BucketDigest, err error) {
	err = c.Link.Call(ctx, func(ctx context.Context, cabinet *client.Client) (err error) {
		digests, err = cabinet.Digests(ctx, c.Kind.Record.Name)
		return err
	})
	return digests, err
}

func (c *Comparer) readSource(ctx context.Context, f *found, here sums) (err error) {
	if f.listing, err = scan.List(ctx, c.Scratch, c.Extractor, nil, c.Link.Now()); err != nil {
		return err
	}
	f.refuse(f.listing.Refused, f.listing.Refusals)
	c.Progress.Kind(f.Kind, f.listing.Rows)
	rows := c.Scratch.Inserter("here", 8)
	defer rows.Close()
	err = f.listing.Keys(ctx, func(some []source.Value) error {
		read, err := c.Extractor.Read(ctx, some)
		if err != nil {
			return err
		}
		f.refuse(len(read.Refusals), read.Refusals)
		for i := range read.Records {
			r := &read.Records[i]
			var modifiedAt any
			if !r.ModifiedAt.IsZero() {
				modifiedAt = r.ModifiedAt.UnixMicro()
			}
			here.addHash(r.Bucket, r.Hash)
			f.Source++
			if err := rows.Add(ctx, r.ID[:], r.Key.Text, int(r.Key.Type), r.Hash[:], modifiedAt, r.Deleted, false, r.Bucket); err != nil {
				return err
			}
		}
		c.Progress.Advance(len(some), 0)
		return nil
	})
	if err != nil {
		return err
	}
	if err := rows.Flush(ctx); err != nil {
		return err
	}
	_, err = c.Scratch.Exec(ctx, "CREATE UNIQUE INDEX here_id ON here (id)")
	return err
}

// refuse counts rows that cannot become records.
func (f *found) refuse(count int, first []extract.Refusal) {
	f.LeftOut += count
	f.Refusals = append(f.Refusals, first...)
}

// addTombstones counts the deletions that the cabinet has taken from here as
// the source's own.
func (c *Comparer) addTombstones(ctx context.Context, f *found, here sums) error {
	return c.State.Tombstones(ctx, f.Kind, func(page []state.Record) error {
		for i := range page {
			r := &page[i]
			hash := canonical.Hash(r.ID, true, []byte(canonical.Tombstone))
			bucket := c.Kind.Record.Bucket(r.ID, true, canonical.Value{})
			added, err := c.Scratch.Exec(ctx, "INSERT OR IGNORE INTO here VALUES (?, ?, ?, ?, ?, 1, 1, ?)",
				r.ID[:], r.Key.Text, int(r.Key.Type), hash[:], r.ModifiedAt.UnixMicro(), bucket)
			if err != nil {
				return err
			}
			if added > 0 {
				here.addHash(bucket, hash)
				f.Source++
			}
		}
		return nil
	})
}

// readCabinet finds the buckets that differ, and lists what the cabinet has in them.
func (c *Comparer) readCabinet(ctx context.Context, here sums, digests []client.BucketDigest) error {
	var differ []client.BucketDigest
	for _, there := range digests {
		if mine := here[there.Bucket]; mine != nil && mine.count == there.Count && bytes.Equal(mine.digest[:], there.Digest) {
			delete(here, there.Bucket)
			continue
		}
		differ = append(differ, there)
	}
	for bucket := range here {
		if _, err := c.Scratch.Exec(ctx, "INSERT INTO differs VALUES (?)", bucket); err != nil {
			return err
		}
	}
	for len(differ) > 0 {
		names := nextBuckets(differ)
		differ = differ[len(names):]
		if err := c.listCabinet(ctx, names); err != nil {
			return err
		}
	}
	return nil
}

func (c *Comparer) listCabinet(ctx context.Context, buckets []string) error {
	return c.Link.Call(ctx, func(ctx context.Context, cabinet *client.Client) error {
		rows := c.Scratch.Inserter("there", 7)
		defer rows.Close()
		err := cabinet.Fingerprints(ctx, c.Kind.Record.Name, buckets, func(one *client.Fingerprint) error {
			return rows.Add(ctx, one.ID[:], one.Bucket, []byte(one.Hash), one.ModifiedAt.UnixMicro(), one.Deleted,
				one.DeviceID[:], c.Kind.SharedIDs && !c.isOwn(one.DeviceID))
		})
		if err != nil {
			return err
		}
		return rows.Flush(ctx)
	})
}

// listSize is how many records are listed at once, where the buckets are smaller.
const listSize = 5000

// nextBuckets names the first buckets, as many as make an answer of listSize.
func nextBuckets(buckets []client.BucketDigest) (names []string) {
	count := 0
	for _, b := range buckets {
		if count += b.Count; len(names) > 0 && (count > listSize || len(names) == client.MaxBuckets) {
			break
		}
		names = append(names, b.Bucket)
	}
	return names
}

// countHere counts what the cabinet does not have as the source does.
func (c *Comparer) countHere(ctx context.Context, f *found) error {
	return c.Scratch.Each(ctx, func(scan func(...any) error) error {
		var bucket string
		var missing, different, theirs int
		if err := scan(&bucket, &missing, &different, &theirs); err != nil {
			return err
		}
		f.Missing += missing
		f.Different += different
		f.Theirs += theirs
		f.bucketNamed(bucket).Missing, f.bucketNamed(bucket).Different = missing, different
		return nil
	}, "SELECT here.bucket, sum(there.id IS NULL), sum(there.id IS NOT NULL), sum("+theirs+")"+joined+wrong+" GROUP BY here.bucket")
}

func (f *found) bucketNamed(name string) *Bucket {
	if f.buckets[name] == nil {
		f.buckets[name] = &Bucket{Name: name}
	}
	return f.buckets[name]
}

// rest is one that is alive in the cabinet and not here.
type rest struct {
	id     uuid.UUID
	bucket string
	device uuid.UUID // that changed it last
}

// countRest looks at what the source does not have. A row that is left out is there all the same.
func (c *Comparer) countRest(ctx context.Context, f *found) (err error) {
	if f.gone, err = c.Scratch.IDs(ctx, "gone"); err != nil {
		return err
	}
	if f.kept, err = c.Scratch.IDs(ctx, "kept"); err != nil {
		return err
	}
	return scratch.Batches(scan.BatchSize, func(some []rest) error { return c.judgeRest(ctx, f, some) }, func(add func(rest) error) error {
		return c.Scratch.Each(ctx, func(scan func(...any) error) error {
			var id, device []byte
			var one rest
			if err := scan(&id, &one.bucket, &device); err != nil {
				return err
			}
			one.id, one.device = uuid.UUID(id), uuid.UUID(device)
			return add(one)
		}, `SELECT id, bucket, device FROM there WHERE NOT deleted
			AND NOT EXISTS (SELECT 1 FROM here WHERE here.id = there.id) AND NOT EXISTS (SELECT 1 FROM listed WHERE listed.id = there.id)`)
	})
}

func (c *Comparer) judgeRest(ctx context.Context, f *found, some []rest) error {
	ids := make([]uuid.UUID, len(some))
	for i := range some {
		ids[i] = some[i].id
	}
	known, err := c.State.Known(ctx, f.Kind, ids)
	if err != nil {
		return err
	}
	for _, one := range some {
		_, sent := known[one.id]
		switch bucket := f.bucketNamed; {
		case !c.isVanished(one.device, sent):
			f.Others++
			f.Devices[one.device]++
			if !c.Kind.Record.Shared && !c.Received && !c.isOwn(one.device) && !c.isOfASource(one.device) {
				f.Strangers++
			}
		case c.Kind.Detect:
			f.Gone++
			bucket(one.bucket).Gone++
			err = f.gone.Add(ctx, one.id)
		default:
			f.Kept++
			bucket(one.bucket).Kept++
			err = f.kept.Add(ctx, one.id)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// isVanished says whether a record that is not in the source has been in it: it was sent from here, or by a device of
// this source, since the state may be younger than that. What is shared or written by both sides may be another's.
func (c *Comparer) isVanished(device uuid.UUID, sent bool) bool {
	switch {
	case c.Kind.Record.Shared:
		return sent
	case c.Kind.SharedIDs:
		return c.Kind.Detect && c.isOwn(device)
	}
	return c.isOwn(device) || sent && !c.isOfASource(device)
}

// isOwn says whether a device synchronizes this source, or has.
func (c *Comparer) isOwn(device uuid.UUID) bool {
	return device == c.Link.Identity.DeviceID || sends(&c.Link.Source, device)
}

// isOfASource says whether a device belongs to any source of the organization.
func (c *Comparer) isOfASource(device uuid.UUID) bool {
	return slices.ContainsFunc(c.Link.Sources, func(s client.Source) bool { return sends(&s, device) })
}

func sends(source *client.Source, device uuid.UUID) bool {
	return slices.ContainsFunc(source.Devices, func(d client.SourceDevice) bool { return d.ID == device })
}

// timeOf is a time of the scratch; zero where there is none.
func timeOf(micro *int64) time.Time {
	if micro == nil {
		return time.Time{}
	}
	return time.UnixMicro(*micro).UTC()
}
