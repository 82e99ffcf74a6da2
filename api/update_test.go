package api_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
)

const longAgo = "?updated_since=2020-01-01T00:00:00Z&include=data"

// copyOf is what an integrator keeps: the data of records by id.
type copyOf struct {
	*venue
	path    string
	records map[string]string
	cursor  string
}

// follow takes what has changed, up to the end, and gives how many pages that were.
func (c *copyOf) follow(query string) (pages int) {
	c.Helper()
	for {
		pages++
		path := c.path + longAgo + query
		if c.cursor != "" {
			path += "&cursor=" + url.QueryEscape(c.cursor)
		}
		answer := c.get(path).exact(c)
		require.NotContains(c, answer, "total")
		for _, item := range answer["items"].([]any) {
			item := item.(object)
			require.NotEmpty(c, item["updated_at"])
			data, err := json.Marshal(item["data"])
			require.NoError(c, err)
			c.records[item["id"].(string)] = string(data)
		}
		for _, deleted := range answer["deleted"].([]any) {
			delete(c.records, deleted.(object)["id"].(string))
		}
		c.cursor = answer["next_cursor"].(string)
		if answer["more"] == false {
			return pages
		}
	}
}

// truth is what the ordinary list has.
func (c *copyOf) truth() map[string]string {
	c.Helper()
	found, cursor := map[string]string{}, ""
	for {
		answer := c.get(c.path + "?include=data&limit=200" + cursor).exact(c)
		for _, item := range answer["items"].([]any) {
			data, err := json.Marshal(item.(object)["data"])
			require.NoError(c, err)
			found[item.(object)["id"].(string)] = string(data)
		}
		next, ok := answer["next_cursor"].(string)
		if !ok {
			return found
		}
		cursor = "&cursor=" + url.QueryEscape(next)
	}
}

func (v *venue) push(changes ...object) {
	v.Helper()
	got := v.call(request{method: "POST", path: "/api/v1/sync/push", token: v.key, body: object{"device_id": deviceID, "changes": changes}})
	require.Equal(v, http.StatusOK, got.status, "%s", got.body)
	for _, result := range got.json(v)["results"].([]any) {
		require.Contains(v, []any{"applied", "unchanged", "stale"}, result.(object)["status"], "%s", got.body)
	}
}

// Whoever follows a list while the venue writes and deletes has the same in the end, in each
// kind of records.
func TestACopyThatFollowsTheUpdatesBecomesTheSame(t *testing.T) {
	v := newVenue(t)
	for kind, path := range map[string]string{"receipt": "/documents/receipt", "unit": "/directories/unit"} {
		ids := make([]string, 30)
		for i := range ids {
			ids[i] = uuid.NewString()
		}
		data := func(i int) object {
			if kind == "unit" {
				return object{"name": fmt.Sprintf("unit %d", i)}
			}
			return with(receiptData(), "note", fmt.Sprintf("receipt %d", i))
		}
		at := time.Date(2026, 5, 25, 17, 0, 0, 0, time.UTC)
		write := func(i int) object {
			c := change(kind, ids[rand.IntN(len(ids))], data(i))
			c["modified_at"] = at.Add(time.Duration(i) * time.Second).Format(time.RFC3339)
			if rand.IntN(4) == 0 {
				c["deleted"] = true
				delete(c, "data")
			}
			return c
		}
		c := &copyOf{v, path, map[string]string{}, ""}
		var writer sync.WaitGroup
		writer.Go(func() {
			for i := range 120 {
				v.push(write(i))
			}
		})
		for range 10 {
			c.follow("&limit=3")
		}
		writer.Wait()
		c.follow("&limit=3")
		require.Equal(t, c.truth(), c.records)
		require.Equal(t, 1, c.follow(""), "nothing has changed since")

		later := change(kind, ids[0], data(1000))
		later["modified_at"] = "2026-05-26T20:03:14+03:00"
		v.push(later)
		c.follow("&limit=3")
		require.Equal(t, c.truth(), c.records, "the very next change")
		var deletions []object
		for _, id := range ids[1:] {
			deletions = append(deletions, object{"kind": kind, "id": id, "modified_at": "2026-05-27T20:03:14+03:00", "deleted": true})
		}
		v.push(deletions...)
		c.follow("&limit=3")
		require.Equal(t, c.truth(), c.records, "more deletions than a page has")
		v.push(change(kind, uuid.NewString(), data(1001)), change(kind, uuid.NewString(), data(1002)), change(kind, uuid.NewString(), data(1003)))
		c.follow("&limit=3")

		fresh := &copyOf{v, path, map[string]string{}, ""}
		require.Greater(t, fresh.follow("&limit=3"), 3)
		require.Equal(t, maps.Clone(c.records), fresh.records)
	}
}

func TestUpdatesBeginAtTheirMoment(t *testing.T) {
	v := newVenue(t)
	all := v.get("/documents/receipt" + longAgo).exact(t)["items"].([]any)
	require.Len(t, all, 2)
	time.Sleep(2 * time.Millisecond)
	moment := url.QueryEscape(time.Now().Format(time.RFC3339Nano))
	none := v.get("/documents/receipt?updated_since=" + moment).exact(t)
	require.Empty(t, none["items"])
	v.push(change("unit", unitID, object{"name": "x"}), change("receipt", unitID, receiptData()))
	one := v.get("/documents/receipt?updated_since=" + moment).exact(t)
	require.Len(t, one["items"], 1)
	item := one["items"].([]any)[0].(object)
	require.Equal(t, unitID, item["id"])
	require.NotContains(t, item, "data")
	// A filter holds; what is archived is told too.
	require.Len(t, v.get("/documents/receipt" + longAgo + "&type=refund").exact(t)["items"], 1)
	archived := change("product", productID, object{"name": "Сыр", "type": "goods", "archived": true})
	archived["modified_at"] = "2026-05-26T20:03:14+03:00"
	v.push(archived)
	require.Len(t, v.get("/directories/product" + longAgo).exact(t)["items"], 1)
}

// A page ends where its data is much, and the next one goes on there.
func TestAPageOfDataIsBoundedByBytes(t *testing.T) {
	v := newVenue(t)
	for i := range 30 {
		v.push(change("receipt", fmt.Sprintf("00000000-0000-4000-8000-0000000000%02d", i), with(receiptData(), "note_of_source", strings.Repeat("x", 240_000))))
	}
	c := &copyOf{v, "/documents/receipt", map[string]string{}, ""}
	require.Greater(t, c.follow("&limit=200"), 1)
	require.Len(t, c.records, 32)
	require.Equal(t, c.truth(), c.records)
	got := v.get("/documents/receipt?include=data&limit=200")
	require.Less(t, len(got.body), 5<<20)
	require.NotEmpty(t, got.json(t)["next_cursor"])
}

func TestWhatUpdatesCannotBeAskedFor(t *testing.T) {
	v := newVenue(t)
	for query, code := range map[string]string{
		"?updated_since=yesterday": "validation_failed", "?updated_since=2026-05-25": "validation_failed", "?updated_since=2026-05-25T10:00:00": "validation_failed",
		"?updated_since=2026-05-25T20:03:14,5Z": "validation_failed", // Go's clock takes a comma, RFC 3339 does not
		longAgo + "&sort=number":                "validation_failed", longAgo + "&format=csv": "validation_failed", "?include=lines": "validation_failed",
		longAgo + "&cursor=made-up": "cursor_expired", longAgo + "&from=2026-05-02&to=2026-05-01": "validation_failed",
	} {
		got := v.call(request{method: "GET", path: v.path + "/documents/receipt" + query, token: v.token, wrong: true})
		require.Equal(t, code, got.code(t), query)
	}
	lower := v.call(request{method: "GET", path: v.path + "/documents/receipt?updated_since=2026-05-25t20:03:14z", token: v.token, wrong: true})
	require.Equal(t, http.StatusOK, lower.status, "in either case, as the protocol has times")
	ordinary := v.get("/documents/receipt?limit=1").json(t)["next_cursor"].(string)
	got := v.call(request{method: "GET", path: v.path + "/documents/receipt" + longAgo + "&cursor=" + ordinary, token: v.token})
	require.Equal(t, "cursor_expired", got.code(t), "a cursor of another list")
}
