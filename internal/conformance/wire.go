package conformance

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
)

// aheadAllowed is less than how far ahead of the server's clock a change may be,
// with room for a clock of the kit that is wrong.
const aheadAllowed = 23 * time.Hour

// change is one change as it is pushed. Data is written as it stands.
type change struct {
	Kind        string          `json:"kind"`
	ID          string          `json:"id"`
	ModifiedAt  string          `json:"modified_at,omitempty"`
	Deleted     bool            `json:"deleted,omitempty"`
	BaseVersion int64           `json:"base_version,omitempty"`
	Data        json.RawMessage `json:"data,omitempty"`
}

// result is what became of one pushed change.
type result struct {
	Kind    string   `json:"kind"`
	ID      string   `json:"id"`
	Status  string   `json:"status"`
	Version int64    `json:"version"`
	Seq     int64    `json:"seq"`
	Code    string   `json:"code"`
	Errors  []flaw   `json:"errors"`
	Remarks []remark `json:"remarks"`
	Kept    *bool    `json:"kept"`
	Current *record  `json:"current"`
}

type flaw struct{ Field, Code, Message string }

type remark struct{ Code, Path, Expected, Given string }

// record is one record as the feed has it.
type record struct {
	Kind       string          `json:"kind"`
	ID         string          `json:"id"`
	Version    int64           `json:"version"`
	Seq        int64           `json:"seq"`
	ModifiedAt time.Time       `json:"modified_at"`
	Deleted    bool            `json:"deleted"`
	DeviceID   string          `json:"device_id"`
	Data       json.RawMessage `json:"data"`
}

type greeting struct {
	ServerTime       time.Time `json:"server_time"`
	ClockSkewSeconds int64     `json:"clock_skew_seconds"`
	Organization     struct {
		ID, Name, Currency     string
		TimeZone               string `json:"time_zone"`
		DefaultDeliveryMinutes int    `json:"default_delivery_minutes"`
		DayStartsAt            string `json:"day_starts_at"`
	}
	Kinds    []string
	Limits   map[string]int64
	Rules    int
	Licenses []string
	Feed     struct {
		Epoch     string
		Head      int64
		Cursor    string
		Continues *bool
	}
}

// pushed is the answer to a push.
type pushed struct {
	*answer
	Results []result
	Head    int64
	Cursor  string
}

// page is the answer to a pull.
type page struct {
	*answer
	Changes []record
	Cursor  string
	More    bool
}

func (p *probe) hello(device string) (g greeting) {
	a := p.send(request{path: "/hello", body: encodeJSON(map[string]any{
		"device_id": device, "device_name": "Conformance kit", "agent": "conformance", "agent_version": "1",
		"local_time": time.Now().Format(time.RFC3339),
	})})
	a.expectStatus(http.StatusOK).decodeJSON(&g)
	return g
}

// push sends changes as JSON, and demands a result for each in the order sent.
func (p *probe) push(device string, changes ...change) pushed {
	return p.pushAs(request{path: "/push", body: encodeJSON(map[string]any{"device_id": device, "changes": changes})}, changes)
}

// pushAs sends changes in the form of a request.
func (p *probe) pushAs(r request, changes []change) pushed {
	p.account.noteWritten(changes)
	got := pushed{answer: p.send(r)}
	var body struct {
		Results []result
		Head    int64
		Cursor  string
	}
	got.expectStatus(http.StatusOK).decodeJSON(&body)
	got.Results, got.Head, got.Cursor = body.Results, body.Head, body.Cursor
	got.expect(len(got.Results) == len(changes), "%d results, one for each change", len(changes))
	for i, c := range changes {
		r := got.Results[i]
		got.expect(r.Kind == c.Kind && strings.EqualFold(r.ID, c.ID), "results in the order sent: number %d is %s %s", i+1, c.Kind, c.ID)
	}
	return got
}

// noteWritten remembers what was sent, so that it can be deleted.
func (a *account) noteWritten(changes []change) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, c := range changes {
		at, err := time.Parse(time.RFC3339Nano, c.ModifiedAt)
		key := recordKey{c.Kind, c.ID}
		if known := a.latest[key]; err != nil || at.Before(known) {
			at = known
		}
		a.latest[key] = at
	}
}

// expectEach demands one status for all changes of a push.
func (r pushed) expectEach(status string) pushed {
	for i := range r.Results {
		r.expect(r.Results[i].Status == status, "status %s of result number %d", status, i+1)
	}
	return r
}

// expectStatuses demands the status of each change of a push.
func (r pushed) expectStatuses(statuses ...string) pushed {
	for i, status := range statuses {
		r.expect(r.Results[i].Status == status, "status %s of result number %d", status, i+1)
	}
	return r
}

// pull reads one page. The query's values are names and values by turns.
func (p *probe) pull(cursor string, query ...string) page {
	values := url.Values{}
	if cursor != "" {
		values.Set("cursor", cursor)
	}
	for i := 0; i < len(query); i += 2 {
		values.Set(query[i], query[i+1])
	}
	got := page{answer: p.send(request{path: "/changes?" + values.Encode()})}
	var body struct {
		Changes []record
		Cursor  string
		More    bool
	}
	got.expectStatus(http.StatusOK).decodeJSON(&body)
	got.Changes, got.Cursor, got.More = body.Changes, body.Cursor, body.More
	got.expect(got.Changes != nil && got.Cursor != "", "changes and a cursor")
	return got
}

// readToEnd pulls from a cursor to the feed's end. The page that is returned is the
// last one, with the changes of all.
func (p *probe) readToEnd(cursor string, query ...string) page {
	var all []record
	for {
		got := p.pull(cursor, append([]string{"limit", "5000"}, query...)...)
		all = append(all, got.Changes...)
		got.expect(!got.More || got.Cursor != cursor, "a cursor that goes on where there is more")
		if cursor = got.Cursor; !got.More {
			got.Changes = all
			return got
		}
	}
}

// endCursor is a cursor at the end of the feed. It is reached by way of a kind of
// which there are few records.
func (p *probe) endCursor() string { return p.readToEnd("", "kinds", "hall").Cursor }

func (p *probe) hasRecords() bool {
	cursor := ""
	for {
		got := p.pull(cursor, "limit", "5000")
		if slices.ContainsFunc(got.Changes, func(r record) bool { return !r.Deleted }) {
			return true
		}
		if cursor = got.Cursor; !got.More {
			return false
		}
	}
}

// deleteAll deletes every record that was sent.
func (p *probe) deleteAll() {
	device := uuid.NewString()
	keys := slices.SortedFunc(maps.Keys(p.account.latest), func(a, b recordKey) int {
		return strings.Compare(a.kind+a.id, b.kind+b.id)
	})
	now := time.Now()
	latest := now.Add(aheadAllowed) // what claims to be later was rejected
	for batch := range slices.Chunk(keys, 1000) {
		changes := make([]change, 0, len(batch))
		for _, key := range batch {
			at := p.account.latest[key].Add(time.Millisecond)
			if at.Before(now) {
				at = now
			}
			if at.After(latest) {
				at = latest
			}
			changes = append(changes, change{Kind: key.kind, ID: key.id, ModifiedAt: formatInstant(at), Deleted: true})
		}
		got := p.push(device, p.fromCurrent(device, changes)...)
		for i, r := range got.Results {
			got.expect(r.Status == "applied" || r.Status == "unchanged", "the deletion of %s %s to be taken", changes[i].Kind, changes[i].ID)
		}
	}
}

// fromCurrent makes changes of records that several sides write from their current versions.
func (p *probe) fromCurrent(device string, changes []change) []change {
	for i, r := range p.push(device, changes...).Results {
		if r.Status == "conflict" && r.Current != nil {
			changes[i].BaseVersion = r.Current.Version
		}
	}
	return changes
}

// recordsOf finds the records of some changes in a page, by id.
func (g page) recordsOf(changes ...change) map[string]record {
	found := map[string]record{}
	for _, r := range g.Changes {
		if slices.ContainsFunc(changes, func(c change) bool { return c.ID == r.ID && c.Kind == r.Kind }) {
			g.expect(found[r.ID].ID == "", "every record once, at its latest change; %s stands twice", r.ID)
			found[r.ID] = r
		}
	}
	return found
}

// unitChange is a record of the simplest kind.
func unitChange(name string, at time.Time) change {
	return change{Kind: "unit", ID: uuid.NewString(), ModifiedAt: formatInstant(at), Data: encodeJSON(map[string]any{"name": name})}
}

// renamedAt is the same record with another name, changed at another time.
func (c change) renamedAt(name string, at time.Time) change {
	c.ModifiedAt, c.Data = formatInstant(at), encodeJSON(map[string]any{"name": name})
	return c
}

func (c change) deletedAt(at time.Time) change {
	c.ModifiedAt, c.Deleted, c.Data = formatInstant(at), true, nil
	return c
}

func unitChanges(count int, name string, at time.Time) []change {
	changes := make([]change, count)
	for i := range changes {
		changes[i] = unitChange(fmt.Sprintf("%s %d", name, i), at)
	}
	return changes
}

// wasteReasonChanges are as simple as units; the clauses that send many records send these,
// so that reading all units stays quick.
func wasteReasonChanges(count int, name string, at time.Time) []change {
	changes := unitChanges(count, name, at)
	for i := range changes {
		changes[i].Kind = "waste_reason"
	}
	return changes
}

// encodeLines writes changes as NDJSON.
func encodeLines(changes []change) []byte {
	var body bytes.Buffer
	for _, c := range changes {
		body.Write(encodeJSON(c))
		body.WriteByte('\n')
	}
	return body.Bytes()
}

func formatInstant(at time.Time) string { return at.Format(time.RFC3339Nano) }

// encodeJSON writes JSON of values that always can be written.
func encodeJSON(value any) []byte {
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil {
		panic(err)
	}
	return bytes.TrimSuffix(text.Bytes(), []byte{'\n'})
}
