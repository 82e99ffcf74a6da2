package api_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"github.com/interpos/cabinet/api"
	"github.com/interpos/cabinet/internal/access"
	"github.com/interpos/cabinet/internal/db/dbtest"
)

// secret stands in every record, rejection and device of the other organization.
const secret = "ТАЙНА"

// other is an organization as somebody knows it who has seen its devices' traffic,
// but has not its key.
type other struct {
	id, key                string
	device, unit, refused  string
	write, read, rejection string // cursors: of a push, of a page of the feed, of a list of rejections
}

func newOther(w *world, owner string) *other {
	w.Helper()
	o := &other{device: uuid.NewString(), unit: uuid.NewString(), refused: uuid.NewString()}
	o.id, o.key = w.organization(owner)
	hello := w.call(request{method: "POST", path: "/api/v1/sync/hello", token: o.key, body: object{"device_id": o.device, "device_name": secret}})
	require.Equal(w, http.StatusOK, hello.status, "%s", hello.body)
	pushed := w.call(request{method: "POST", path: "/api/v1/sync/push", token: o.key, body: object{"device_id": o.device, "changes": []object{
		change("unit", o.unit, object{"name": secret}), change("unit", uuid.NewString(), object{"name": secret}),
		change("receipt", receiptID, with(receiptData(), "note", secret)),
		change("unit", o.refused, object{"name": 7, "code": secret}), change("unit", uuid.NewString(), object{"name": 7, "code": secret}),
	}}})
	require.Equal(w, http.StatusOK, pushed.status, "%s", pushed.body)
	o.write = pushed.json(w)["cursor"].(string)
	source := w.call(request{method: "POST", path: "/api/v1/sync/sources", token: o.key, body: object{"name": secret, "device_id": o.device}})
	require.Equal(w, http.StatusCreated, source.status, "%s", source.body)
	o.read = w.call(request{method: "GET", path: "/api/v1/sync/changes?limit=1", token: o.key}).json(w)["cursor"].(string)
	o.rejection = w.call(request{method: "GET", path: "/api/v1/sync/rejections?limit=1", token: o.key}).json(w)["next_cursor"].(string)
	dbtest.Exec(w, w.dsn, "UPDATE licenses SET valid_until = now() + interval '1 year' WHERE organization_id = $1", o.id)
	return o
}

// probe is a request with what belongs to the other organization, and what must
// come of it.
type probe struct {
	name   string
	query  string
	params map[string]string // of the path
	body   any
	header map[string]string
	code   string // of the problem; "": it is answered
	answer func(t *testing.T, got object)
}

// probes are those of each endpoint that a sync key opens. One that is missing here
// fails the test.
func probes(o *other) map[string][]probe {
	cursor := url.QueryEscape(o.read)
	nothing := func(field string) func(*testing.T, object) {
		return func(t *testing.T, got object) { require.Empty(t, got[field]) }
	}
	return map[string][]probe{
		"POST /sync/hello": {
			{name: "its device", body: object{"device_id": o.device, "device_name": "Mine"}, answer: func(t *testing.T, got object) {
				require.NotEqual(t, o.id, got["organization"].(object)["id"])
				require.Empty(t, got["licenses"])
			}},
			{name: "its cursor", body: object{"device_id": uuid.NewString(), "cursor": o.write}, answer: func(t *testing.T, got object) {
				require.Equal(t, false, got["feed"].(object)["continues"])
			}},
		},
		"POST /sync/push": {
			{name: "its record, device and a later time", body: object{"device_id": o.device, "changes": []object{
				with(change("unit", o.unit, object{"name": "Mine"}), "modified_at", "2026-05-26T20:03:14+03:00")}},
				answer: resultIs("applied", 1)},
			{name: "its record, made from its version", body: object{"device_id": o.device, "changes": []object{
				with(change("receipt", receiptID, receiptData()), "base_version", 1)}}, answer: resultIs("applied", 1)},
			{name: "its record, deleted", body: object{"device_id": o.device, "changes": []object{
				{"kind": "unit", "id": o.unit, "modified_at": "2026-05-27T20:03:14+03:00", "deleted": true}}}, answer: resultIs("applied", 2)},
			{name: "its rejection, healed", body: object{"device_id": o.device, "changes": []object{
				change("unit", o.refused, object{"name": "Mine"})}}, answer: resultIs("applied", 1)},
			{name: "its license", body: object{"device_id": o.device, "changes": []object{
				change("delivery_order", uuid.NewString(), object{})}}, answer: resultIs("license_required", 0)},
			{name: "its cursor", body: object{"device_id": o.device, "cursor": o.write, "changes": []object{
				change("unit", uuid.NewString(), object{"name": "Mine"})}}, code: "cursor_expired"},
		},
		"GET /sync/changes": {
			{name: "all"},
			{name: "its cursor", query: "?cursor=" + cursor, code: "cursor_expired"},
			{name: "its cursor, waiting", query: "?wait=1&cursor=" + cursor, code: "cursor_expired"},
			{name: "all but its device's", query: "?not_device=" + o.device},
			{name: "as its device", header: map[string]string{"Device-Id": o.device}},
		},
		"GET /sync/records": {
			{name: "its record", query: "?kind=unit&ids=" + o.unit, answer: nothing("records")},
		},
		"GET /sync/rejections": {
			{name: "all", answer: nothing("items")},
			{name: "its cursor", query: "?cursor=" + url.QueryEscape(o.rejection), answer: nothing("items")},
		},
		"GET /sync/sources":  {{name: "all", answer: nothing("items")}},
		"POST /sync/sources": {{name: "its device", body: object{"name": "Mine", "device_id": o.device}, code: "validation_failed"}},
		"PUT /sync/sources/:source_id": {
			{name: "its source, by its device", params: map[string]string{"source_id": o.id}, body: object{"name": "Mine", "device_id": o.device}, code: "validation_failed"},
		},
		"GET /sync/licenses": {{name: "all", answer: nothing("licenses")}},
		"GET /sync/digest": {
			{name: "its bucket", query: "?kind=unit&from=" + o.unit[:2] + "&to=" + o.unit[:2], answer: nothing("buckets")},
		},
		"GET /sync/digest/records": {
			{name: "its bucket", query: "?kind=unit&bucket=00," + o.unit[:2], answer: nothing("records")},
			{name: "its day", query: "?kind=receipt&bucket=2026-05-25", answer: nothing("records")},
		},
	}
}

func resultIs(status string, version int) func(*testing.T, object) {
	return func(t *testing.T, got object) {
		result := got["results"].([]any)[0].(object)
		require.Equal(t, status, result["status"], "%v", result)
		if version > 0 {
			require.EqualValues(t, version, result["version"], "another organization's versions do not count")
		}
	}
}

// With a sync key, and everything of another organization but its key, nothing of
// that one can be read, changed, or told from what does not exist.
func TestPromise6WhatIsAnotherOrganizationsOpensNothing(t *testing.T) {
	w := newWorld(t)
	theirs := newOther(w, w.user("owner"))
	mine := w.user("outsider")
	before := w.rowsOf(theirs.id)
	table := probes(theirs)
	for _, route := range w.app.API().Routes() {
		if route.Needs.Caller != access.Device {
			continue
		}
		key := route.Method + " " + route.Path
		require.NotEmpty(t, table[key], "%s: say what it must not do with another organization's ids, cursors and devices", key)
		_, syncKey := w.organization(mine)
		for _, p := range table[key] {
			t.Run(key+" "+p.name, func(t *testing.T) { w.on(t).probe(route, p, syncKey) })
		}
		delete(table, key)
	}
	require.Empty(t, table, "probes of routes that do not exist")
	require.Equal(t, before, w.rowsOf(theirs.id), "the other organization's rows are untouched")
}

func (w *world) probe(route api.Route, p probe, syncKey string) {
	w.Helper()
	got := w.call(request{method: route.Method, path: at(route.Path, p.params) + p.query, token: syncKey, body: p.body, header: p.header})
	require.NotContains(w, string(got.body), secret)
	if p.code != "" {
		require.Equal(w, p.code, got.code(w))
		return
	}
	require.Equal(w, http.StatusOK, got.status, "%s", got.body)
	if p.answer != nil {
		p.answer(w.T, got.json(w))
	}
}

// rowsOf are all rows of an organization, by table, but those that follow by
// themselves: projections, and the use of its key.
func (w *world) rowsOf(organization string) map[string]string {
	w.Helper()
	ctx := context.Background()
	owner, err := pgx.Connect(ctx, w.dsn)
	require.NoError(w, err)
	defer owner.Close(ctx)
	rows, err := owner.Query(ctx, `
		SELECT table_name::text FROM information_schema.columns GROUP BY table_name, table_schema
		HAVING table_schema = 'public' AND bool_or(column_name = 'organization_id') AND NOT bool_or(column_name = 'generation')
			AND table_name <> 'sync_usage'`)
	require.NoError(w, err)
	tables, err := pgx.CollectRows(rows, pgx.RowTo[string])
	require.NoError(w, err)
	found := map[string]string{}
	for _, table := range tables {
		var all json.RawMessage
		query := fmt.Sprintf(`SELECT coalesce(json_agg(t ORDER BY t::text), '[]') FROM %s t WHERE organization_id = $1`, table)
		require.NoError(w, owner.QueryRow(ctx, query, organization).Scan(&all), table)
		found[table] = string(all)
	}
	require.Contains(w, strings.ToUpper(found["records"]), secret)
	require.Contains(w, found["rejections"], secret)
	return found
}
