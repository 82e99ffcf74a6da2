package sync_test

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/interpos/cabinet/internal/canonical"
	"github.com/interpos/cabinet/internal/db/dbtest"
	"github.com/interpos/cabinet/internal/push"
	"github.com/interpos/cabinet/internal/record"
	"github.com/interpos/cabinet/internal/sync"
)

// Whatever several devices change, in whatever order and however often their
// pushes arrive, whatever answers are lost and whoever starts anew: once all
// have synchronized, everybody has the same records and the same digests, and of
// each record the change that its rule says.
func TestPromise5AllSidesEndWithTheSameRecords(t *testing.T) {
	dsn := dbtest.DSN(t)
	v, database := openOutlet(t, dsn)
	ids := []uuid.UUID{
		uuid.MustParse("0b000000-0000-4000-8000-000000000001"), uuid.MustParse("0b000000-0000-4000-8000-000000000002"),
		uuid.MustParse("ff000000-0000-4000-8000-000000000003"),
	}
	rapid.Check(t, func(rt *rapid.T) {
		v.db, v.organization = database, dbtest.Organization(t, database)
		until := clock.Add(time.Hour)
		v.license(&until)
		w := &fleet{T: rt, outlet: v, greatest: map[string]claim{}}
		for i := range 3 {
			w.devices = append(w.devices, newPOS(i))
		}
		rt.Repeat(map[string]func(*rapid.T){
			"change":          func(rt *rapid.T) { w.device(rt).change(rt, rapid.SampledFrom(ids).Draw(rt, "id")) },
			"change again":    func(rt *rapid.T) { w.device(rt).change(rt, rapid.SampledFrom(ids).Draw(rt, "id")) },
			"push":            func(rt *rapid.T) { w.push(rt, w.device(rt), false) },
			"lost answer":     func(rt *rapid.T) { w.push(rt, w.device(rt), true) },
			"an old push":     w.late,
			"pull":            func(rt *rapid.T) { w.pull(w.device(rt), rapid.IntRange(1, 4).Draw(rt, "limit")) },
			"device restarts": func(rt *rapid.T) { w.device(rt).restart() },
			"server restarts": func(*rapid.T) {
				w.cabinet = newCabinet(w.db, atClock)
			},
		})
		w.settle()
		w.prove()
	})
}

// fleet is an organization's devices with the cabinet between them.
type fleet struct {
	outlet
	*rapid.T
	devices  []*posCopy
	greatest map[string]claim // of each record whose time decides: the change that must win
	sent     []batch          // everything that was ever on its way
}

// oneWriter are the kinds whose changes never name a version here: time alone decides.
var oneWriter = map[string]bool{"unit": true, "write_off": true}

// claim is a change as the order of changes sees it.
type claim struct {
	at     time.Time
	device uuid.UUID
	hash   [32]byte
}

func (c claim) less(other claim) bool {
	if !c.at.Equal(other.at) {
		return c.at.Before(other.at)
	}
	if order := bytes.Compare(c.device[:], other.device[:]); order != 0 {
		return order < 0
	}
	return bytes.Compare(c.hash[:], other.hash[:]) < 0
}

// batch is what one push carried.
type batch struct {
	device  uuid.UUID
	changes []sent
}

// copied is a record as a device has it.
type copied struct {
	version, seq int64
	deleted      bool
	data         string // canonical
}

// posCopy is a device: what it knows of the feed, and changes of its own that
// nobody has acknowledged.
type posCopy struct {
	id      uuid.UUID
	cursor  string
	known   map[string]copied
	pending map[string]sent
}

func newPOS(n int) *posCopy {
	id := uuid.UUID{byte(n * 100), 6: 0x40, 8: 0x80}
	return &posCopy{id: id, known: map[string]copied{}, pending: map[string]sent{}}
}

func keyOf(change sent) string { return fmt.Sprint(change["kind"], " ", change["id"]) }

func (w *fleet) device(rt *rapid.T) *posCopy { return rapid.SampledFrom(w.devices).Draw(rt, "device") }

// restart forgets the place in the feed and what was read of it.
func (d *posCopy) restart() { d.cursor, d.known = "", map[string]copied{} }

// change makes, alters, deletes or brings back a record. Few contents and times, so
// that many are equal.
func (d *posCopy) change(rt *rapid.T, id uuid.UUID) {
	kind := rapid.SampledFrom([]string{"unit", "unit", "write_off", "outlet", "delivery_order"}).Draw(rt, "kind")
	at := clock.Add(time.Duration(rapid.IntRange(0, 4).Draw(rt, "seconds")) * time.Second)
	if rapid.IntRange(0, 30).Draw(rt, "clock") == 0 {
		at = clock.Add(25 * time.Hour) // too far ahead: refused
	}
	change := sent{"kind": kind, "id": id, "modified_at": at.Format(time.RFC3339Nano)}
	known := d.known[keyOf(change)]
	switch {
	case rapid.IntRange(0, 3).Draw(rt, "deleted") == 0:
		change["deleted"] = true
	case kind == "write_off":
		day := time.Duration(rapid.IntRange(0, 2).Draw(rt, "day")) * 24 * time.Hour
		change["data"] = sent{"number": "1", "occurred_at": clock.Add(-day), "warehouse_id": id,
			"lines": []sent{{"quantity": json.Number("1.50"), "product_id": id}}}
	case kind == "delivery_order":
		change["data"] = order(id, rapid.SampledFrom(orderStatuses).Draw(rt, "status"), 0, at)["data"]
	default:
		change["data"] = sent{"name": rapid.SampledFrom([]string{"a", "b", "c", ""}).Draw(rt, "name")} // no name: refused
	}
	if (kind == "outlet" || kind == "delivery_order") && known.version > 0 {
		change["base_version"] = known.version
	}
	d.pending[keyOf(change)] = change
}

var orderStatuses = []string{"new", "accepted", "cooking", "on_way", "delivered", "closed", "cancelled"}

// push sends some of what is pending, in any order, and some of it twice.
func (w *fleet) push(rt *rapid.T, d *posCopy, lost bool) {
	if len(d.pending) == 0 {
		return
	}
	keys := rapid.Permutation(slices.Sorted(maps.Keys(d.pending))).Draw(rt, "order")
	keys = keys[:rapid.IntRange(1, len(keys)).Draw(rt, "part")]
	if rapid.IntRange(0, 3).Draw(rt, "twice") == 0 {
		keys = append(keys, keys[0])
	}
	w.deliver(d, keys, lost)
}

func (w *fleet) deliver(d *posCopy, keys []string, lost bool) {
	b := batch{device: d.id}
	for _, key := range keys {
		b.changes = append(b.changes, d.pending[key])
	}
	w.sent = append(w.sent, b)
	results := w.arrive(b)
	if lost {
		return
	}
	for i, result := range results {
		if _, waits := d.pending[keys[i]]; waits {
			d.answered(keys[i], b.changes[i], result)
		}
	}
}

// arrive hands a push to the server, and keeps which change must win by it.
func (w *fleet) arrive(b batch) []push.Result {
	results, _, err := w.tryPush(b.device, b.changes...)
	require.NoError(w, err)
	require.Len(w, results, len(b.changes))
	for i, change := range b.changes {
		if result := results[i]; result.Status != push.Rejected && oneWriter[result.Kind] {
			made := claimOf(w, b.device, change)
			if old, ok := w.greatest[keyOf(change)]; !ok || old.less(made) {
				w.greatest[keyOf(change)] = made
			}
		}
	}
	return results
}

func claimOf(t require.TestingT, device uuid.UUID, change sent) claim {
	at, err := time.Parse(time.RFC3339Nano, change["modified_at"].(string))
	require.NoError(t, err)
	deleted, data := contentOf(t, change)
	return claim{at, device, canonical.Hash(change["id"].(uuid.UUID), deleted, []byte(data))}
}

// contentOf is the content of a change as all sides must come to hold it.
func contentOf(t require.TestingT, change sent) (deleted bool, content string) {
	if change["deleted"] == true {
		return true, canonical.Tombstone
	}
	raw, err := json.Marshal(change["data"])
	require.NoError(t, err)
	value, err := canonical.Parse(raw)
	require.NoError(t, err)
	text, exact := canonical.Append(nil, value)
	require.True(t, exact)
	return false, string(text)
}

// answered does what the protocol says to a device.
func (d *posCopy) answered(key string, change sent, result push.Result) {
	switch result.Status {
	case push.Applied, push.Unchanged:
		deleted, data := contentOf(panics{}, change)
		if result.Seq >= d.known[key].seq {
			d.known[key] = copied{result.Version, result.Seq, deleted, data}
		}
		delete(d.pending, key)
	case push.Conflict:
		current := result.Current
		if current.Seq >= d.known[key].seq {
			d.known[key] = copied{current.Version, current.Seq, current.Deleted, string(current.Data)}
		}
		again := maps.Clone(change)
		again["base_version"] = current.Version // the change is made again upon the current record
		d.pending[key] = again
	default: // stale, rejected: what is there now has come or comes with the feed
		delete(d.pending, key)
	}
}

// panics is a test that cannot go on.
type panics struct{}

func (panics) Errorf(format string, args ...any) { panic(fmt.Sprintf(format, args...)) }
func (panics) FailNow()                          { panic("it cannot go on") }

// late lets a push of long ago, or a part of it, arrive once more; nobody hears
// the answer.
func (w *fleet) late(rt *rapid.T) {
	if len(w.sent) == 0 {
		return
	}
	old := w.sent[rapid.IntRange(0, len(w.sent)-1).Draw(rt, "push")]
	from := rapid.IntRange(0, len(old.changes)-1).Draw(rt, "from")
	w.arrive(batch{old.device, old.changes[from:]})
}

// pull reads one page of the feed.
func (w *fleet) pull(d *posCopy, limit int) (more bool) {
	page, err := w.tryRead(d.cursor, limit)
	require.NoError(w, err)
	for _, r := range page.changes {
		key := r.Kind + " " + r.ID.String()
		if r.Seq >= d.known[key].seq {
			d.known[key] = copied{r.Version, r.Seq, r.Deleted, string(r.Data)}
		}
	}
	d.cursor = page.cursor
	return page.more
}

// settle lets every device synchronize until nothing is left to send or to read.
func (w *fleet) settle() {
	const most = 50 // rounds: a conflict can be met anew by each of the others
	for range most {
		quiet := true
		for _, d := range w.devices {
			if len(d.pending) > 0 {
				w.deliver(d, slices.Sorted(maps.Keys(d.pending)), false)
				quiet = false
			}
			for w.pull(d, 7) {
				continue
			}
		}
		if quiet {
			return
		}
	}
	require.Fail(w, "the devices never come to rest")
}

// prove holds all copies, all digests and the winners against the feed.
func (w *fleet) prove() {
	feed, _ := w.read("")
	stored := map[string]copied{}
	for _, r := range feed {
		key := r.Kind + " " + r.ID.String()
		stored[key] = copied{r.Version, r.Seq, r.Deleted, string(r.Data)}
		if won, ok := w.greatest[key]; ok {
			require.Equal(w, won, claim{r.ModifiedAt.UTC(), r.DeviceID, canonical.Hash(r.ID, r.Deleted, r.Data)}, "%s: not the greatest change won", key)
		}
	}
	for _, d := range w.devices {
		require.Equal(w, stored, d.known, "device %s", d.id)
		for _, kind := range []string{"unit", "outlet", "write_off", "delivery_order"} {
			require.Equal(w, w.digests(kind, false), d.digests(kind, false), "device %s", d.id)
		}
		require.Equal(w, w.digests("write_off", true), d.digests("write_off", true), "by month")
	}
	flaws, _ := w.verify()
	require.Empty(w, flaws)
}

// digests are the server's, by bucket.
func (w *fleet) digests(kind string, byMonth bool) map[string]string {
	found, err := w.feed.Digest(w.Context(), w.organization, sync.DigestQuery{Kind: kind, ByMonth: byMonth})
	require.NoError(w, err)
	digests := map[string]string{}
	for _, d := range found {
		digests[d.Bucket] = fmt.Sprint(d.Count, " ", d.Digest)
	}
	return digests
}

// digests are those of what the device knows, computed as docs/protocol.md says.
func (d *posCopy) digests(name string, byMonth bool) map[string]string {
	kind, _ := record.Find(name)
	counts, sums := map[string]int{}, map[string][16]byte{}
	for key, r := range d.known {
		id := uuid.MustParse(key[len(key)-36:])
		if key[:len(key)-37] != name {
			continue
		}
		value, err := canonical.Parse([]byte(r.data))
		if err != nil {
			panic(err)
		}
		bucket := kind.Bucket(id, r.deleted, value)
		if byMonth {
			bucket = bucket[:min(7, len(bucket))]
		}
		hash, sum := canonical.Hash(id, r.deleted, []byte(r.data)), sums[bucket]
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
