package api_test

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/interpos/cabinet/internal/db/dbtest"
)

// The clients here are written from docs/protocol.md alone, and share nothing with the
// server or the agent: each is a local database that changes at once, and follows the
// document. However their pushes and pulls are mixed, lost and repeated: once all have
// synchronized, everybody has the same records, by content and by digests.
func TestClientsThatFollowTheDocumentEndWithTheSameRecords(t *testing.T) {
	w := newWorld(t)
	owner := w.user("owner")
	rapid.Check(t, func(rt *rapid.T) {
		id, key := w.organization(owner)
		dbtest.Exec(w, w.dsn, "UPDATE licenses SET valid_until = now() + interval '1 year' WHERE organization_id = $1", id)
		f := &localFleet{T: rt, url: w.app.URL() + "/api/v1/sync", key: key, start: time.Now().Add(-time.Hour).Truncate(time.Second)}
		for range 3 {
			f.locals = append(f.locals, &local{fleet: f, device: uuid.NewString(), rows: map[rowKey]localRow{}, fromFeed: map[rowKey]bool{}})
		}
		for i := range 2 {
			for _, kind := range localKinds {
				f.keys = append(f.keys, rowKey{kind, fmt.Sprintf("%02x%s", 255*i, uuid.NewString()[2:])})
			}
		}
		rt.Repeat(map[string]func(*rapid.T){
			"edit":         func(rt *rapid.T) { f.any(rt).edit(rt, rapid.SampledFrom(f.keys).Draw(rt, "key")) },
			"edit again":   func(rt *rapid.T) { f.any(rt).edit(rt, rapid.SampledFrom(f.keys).Draw(rt, "key")) },
			"touch":        func(rt *rapid.T) { f.any(rt).touch(rt) },
			"push":         func(rt *rapid.T) { f.any(rt).push(rt, false) },
			"lost answer":  func(rt *rapid.T) { f.any(rt).push(rt, true) },
			"an old push":  f.repeatOldPush,
			"pull":         func(rt *rapid.T) { f.any(rt).pull(rapid.IntRange(1, 3).Draw(rt, "limit")) },
			"begins again": func(rt *rapid.T) { f.any(rt).beginAgain() },
		})
		f.settle(rt)
		f.prove()
	})
}

var localKinds = []string{"unit", "outlet", "write_off", "delivery_order"}

// rowKey names a row of a local database.
type rowKey struct{ kind, id string }

// localRow is a record as a local database has it.
type localRow struct {
	at      time.Time // when it was changed here, or there
	deleted bool
	data    string // canonical
	version int64  // that it had in the cabinet when it was last heard of; 0: it was not
	unsent  bool   // it was changed here since
}

// local is one local database with its client.
type local struct {
	fleet    *localFleet
	device   string
	cursor   string // of the feed
	pushed   string // cursor of the last push
	rows     map[rowKey]localRow
	fromFeed map[rowKey]bool // rows that the feed has shown since the client began to read it
	reading  bool            // it has begun, and not met the end yet
}

type localFleet struct {
	*rapid.T
	url, key string
	start    time.Time
	keys     []rowKey
	locals   []*local
	sent     []*http.Request // every push that was ever on its way, with GetBody
}

// pushResult is a result as the document has it, as far as these clients go by it.
type pushResult struct {
	Kind, ID, Status string
	Version          int64
	Current          *feedEntry
}

// feedEntry is a change as the feed shows it.
type feedEntry struct {
	Kind, ID   string
	Version    int64
	ModifiedAt time.Time `json:"modified_at"`
	Deleted    bool
	Data       json.RawMessage
}

func (f *localFleet) any(rt *rapid.T) *local { return rapid.SampledFrom(f.locals).Draw(rt, "local") }

// call sends a request with the key, and reads a good answer.
func (f *localFleet) call(request *http.Request, into any) (status int) {
	request.Header.Set("Authorization", "Bearer "+f.key)
	answer, err := http.DefaultClient.Do(request)
	require.NoError(f, err)
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	require.NoError(f, err)
	if answer.StatusCode == http.StatusOK && into != nil {
		require.NoError(f, json.Unmarshal(body, into), "%s", body)
	}
	require.Less(f, answer.StatusCode, 500, "%s", body)
	return answer.StatusCode
}

func (f *localFleet) get(path string, query url.Values, into any) {
	request, err := http.NewRequest(http.MethodGet, f.url+path+"?"+query.Encode(), nil)
	require.NoError(f, err)
	require.Equal(f, http.StatusOK, f.call(request, into), path)
}

// edit changes a row of the local database, deletes it, or brings it back.
func (l *local) edit(rt *rapid.T, key rowKey) {
	row := l.rows[key]
	row.at = l.fleet.start.Add(time.Duration(rapid.IntRange(0, 5).Draw(rt, "seconds")) * time.Second) // few times, so that many are equal
	row.unsent, row.deleted = true, rapid.IntRange(0, 3).Draw(rt, "deleted") == 0
	row.data = "{}"
	if !row.deleted {
		row.data = canonicalText(l.fleet, l.content(rt, key))
	}
	l.rows[key] = row
}

func (l *local) content(rt *rapid.T, key rowKey) map[string]any {
	moment := l.fleet.start.Format(time.RFC3339)
	switch key.kind {
	case "write_off":
		return map[string]any{"number": "1", "occurred_at": l.fleet.start.AddDate(0, 0, -rapid.IntRange(0, 2).Draw(rt, "day")).Format(time.RFC3339),
			"warehouse_id": key.id, "lines": []any{map[string]any{"product_id": key.id, "quantity": json.Number("1.50")}}}
	case "delivery_order":
		return map[string]any{"number": "1", "status": rapid.SampledFrom([]string{"new", "cooking", "delivered", "cancelled"}).Draw(rt, "status"),
			"type": "courier", "placed_at": moment, "phone": "1", "total": 0, "lines": []any{}}
	}
	name := rapid.SampledFrom([]any{"a", "b", "c", 7}).Draw(rt, "name") // 7 is no name: it is rejected
	return map[string]any{"name": name, "from_the_future": map[string]any{"b": json.Number("1.0"), "a": nil}}
}

// touch saves a row once more as it is, with a later time.
func (l *local) touch(rt *rapid.T) {
	keys := slices.SortedFunc(maps.Keys(l.rows), compareKeys)
	if len(keys) == 0 {
		return
	}
	key := rapid.SampledFrom(keys).Draw(rt, "row")
	row := l.rows[key]
	row.at, row.unsent = row.at.Add(time.Second), true
	l.rows[key] = row
}

func compareKeys(a, b rowKey) int { return strings.Compare(a.kind+a.id, b.kind+b.id) }

func (l *local) unsent() (keys []rowKey) {
	for key, row := range l.rows {
		if row.unsent {
			keys = append(keys, key)
		}
	}
	slices.SortFunc(keys, compareKeys)
	return keys
}

// push sends some of what was changed here, in any order, some of it twice, in any form.
func (l *local) push(rt *rapid.T, lost bool) {
	keys := l.unsent()
	if len(keys) == 0 || l.reading { // who has begun again reads to the end before it sends
		return
	}
	keys = rapid.Permutation(keys).Draw(rt, "order")[:rapid.IntRange(1, len(keys)).Draw(rt, "part")]
	if rapid.IntRange(0, 3).Draw(rt, "twice") == 0 {
		keys = append(keys, keys[0])
	}
	l.send(keys, rapid.Bool().Draw(rt, "lines"), rapid.Bool().Draw(rt, "gzip"), lost)
}

func (l *local) send(keys []rowKey, lines, zipped, lost bool) {
	request := l.pushRequest(keys, lines, zipped)
	l.fleet.sent = append(l.fleet.sent, request)
	var answer struct {
		Results []pushResult
		Cursor  string
	}
	status := l.fleet.call(again(l.fleet, request), &answer)
	if lost {
		return
	}
	require.Equal(l.fleet, http.StatusOK, status)
	require.Len(l.fleet, answer.Results, len(keys))
	l.pushed = answer.Cursor
	for i, result := range answer.Results {
		require.Equal(l.fleet, keys[i], rowKey{result.Kind, result.ID})
		l.hear(keys[i], result)
	}
}

func (l *local) pushRequest(keys []rowKey, lines, zipped bool) *http.Request {
	changes := make([]any, len(keys))
	for i, key := range keys {
		row := l.rows[key]
		change := map[string]any{"kind": key.kind, "id": key.id, "modified_at": row.at.Format(time.RFC3339Nano)}
		if row.deleted {
			change["deleted"] = true
		} else {
			change["data"] = json.RawMessage(row.data)
		}
		if row.version > 0 && (key.kind == "delivery_order" || key.kind == "outlet") {
			change["base_version"] = row.version
		}
		changes[i] = change
	}
	var body bytes.Buffer
	header := http.Header{}
	if lines {
		header.Set("Content-Type", "application/x-ndjson")
		header.Set("Device-Id", l.device)
		header.Set("Feed-Cursor", l.pushed)
		for _, change := range changes {
			require.NoError(l.fleet, json.NewEncoder(&body).Encode(change))
		}
	} else {
		header.Set("Content-Type", "application/json")
		require.NoError(l.fleet, json.NewEncoder(&body).Encode(map[string]any{"device_id": l.device, "cursor": l.pushed, "changes": changes}))
	}
	text := body.Bytes()
	if zipped {
		var packed bytes.Buffer
		writer := gzip.NewWriter(&packed)
		_, _ = writer.Write(text)
		_ = writer.Close()
		text = packed.Bytes()
		header.Set("Content-Encoding", "gzip")
	}
	request, err := http.NewRequest(http.MethodPost, l.fleet.url+"/push", bytes.NewReader(text))
	require.NoError(l.fleet, err)
	request.Header = header
	return request
}

// again is a request that can be sent once more.
func again(t require.TestingT, request *http.Request) *http.Request {
	copied := request.Clone(request.Context())
	var err error
	copied.Body, err = request.GetBody()
	require.NoError(t, err)
	return copied
}

// hear does what the document says for each status.
func (l *local) hear(key rowKey, result pushResult) {
	row := l.rows[key]
	switch result.Status {
	case "applied", "unchanged":
		row.version, row.unsent = result.Version, false
		l.rows[key] = row
	case "stale": // what is in the cabinet is newer: it is taken over
		if result.Current == nil {
			l.fetch(key)
			return
		}
		l.take(*result.Current)
	case "conflict": // the change is made again upon the current record
		row.version = result.Current.Version
		l.rows[key] = row
	case "rejected": // its user takes back what the cabinet cannot read
		l.fetch(key)
	default:
		l.fleet.Fatalf("unknown status %q", result.Status)
	}
}

// take makes a row as the cabinet has it.
func (l *local) take(r feedEntry) {
	l.rows[rowKey{r.Kind, r.ID}] = localRow{at: r.ModifiedAt, deleted: r.Deleted, data: string(r.Data), version: r.Version}
}

// fetch takes a row from the cabinet by its id; one that it does not have is gone here too.
func (l *local) fetch(key rowKey) {
	var answer struct {
		Records   []feedEntry
		Remaining []string
	}
	l.fleet.get("/records", url.Values{"kind": {key.kind}, "ids": {key.id}}, &answer)
	require.Empty(l.fleet, answer.Remaining)
	delete(l.rows, key)
	for _, r := range answer.Records {
		l.take(r)
	}
}

// repeatOldPush lets a push of long ago arrive once more; nobody hears the answer.
func (f *localFleet) repeatOldPush(rt *rapid.T) {
	if len(f.sent) > 0 {
		f.call(again(f, rapid.SampledFrom(f.sent).Draw(rt, "push")), nil)
	}
}

// pull reads one page of the feed. What was changed here since stays, until it is pushed.
func (l *local) pull(limit int) (more bool) {
	var page struct {
		Changes []feedEntry
		Cursor  string
		More    bool
	}
	query := url.Values{"limit": {fmt.Sprint(limit)}}
	if l.cursor != "" {
		query.Set("cursor", l.cursor)
	}
	l.fleet.get("/changes", query, &page)
	for _, r := range page.Changes {
		key := rowKey{r.Kind, r.ID}
		l.fromFeed[key] = true
		if !l.rows[key].unsent {
			l.take(r)
		}
	}
	if l.cursor = page.Cursor; !page.More && l.reading {
		l.endReading()
	}
	return page.More
}

// beginAgain forgets the cursor, as after 410.
func (l *local) beginAgain() { l.cursor, l.reading, l.fromFeed = "", true, map[rowKey]bool{} }

// endReading drops what was had from the feed and was not met again.
func (l *local) endReading() {
	for key, row := range l.rows {
		if row.version > 0 && !row.unsent && !l.fromFeed[key] {
			delete(l.rows, key)
		}
	}
	l.reading = false
}

// settle lets every client synchronize until nothing is left to send or to read.
func (f *localFleet) settle(rt *rapid.T) {
	const most = 50 // rounds: a conflict can be met anew by each of the others
	for range most {
		quiet := true
		for _, l := range f.locals {
			for l.pull(5) {
				continue
			}
			if keys := l.unsent(); len(keys) > 0 {
				l.send(keys, false, false, false)
				quiet = false
			}
		}
		if quiet {
			return
		}
	}
	require.Fail(rt, "the clients never come to rest")
}
