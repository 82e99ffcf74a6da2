package api_test

import (
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/interpos/cabinet/api"
	"github.com/interpos/cabinet/internal/access"
	"github.com/interpos/cabinet/internal/db/dbtest"
)

// Ids of records that every organization of the matrix has.
const (
	unitID    = "11111111-1111-4111-8111-111111111111"
	receiptID = "22222222-2222-4222-8222-222222222222"
	badUnitID = "33333333-3333-4333-8333-333333333333"
	deviceID  = "44444444-4444-4444-8444-444444444444"
	licenseID = "55555555-5555-4555-8555-555555555555"
	renewalID = "66666666-6666-4666-8666-666666666666"
)

// good is, for each route, a request that works; invalid are requests that are
// refused, with the code of the problem. A route that is missing here fails the
// test: no endpoint can be forgotten.
type good struct {
	params map[string]string
	make   func(w *world, c *cell) map[string]string // more of them, of what is made for the cell
	query  string
	body   func(w *world, c *cell) any
	header func(w *world, c *cell) map[string]string
	edit   func(w *world, c *cell, name string) object // an edit like no other; nil: body with that name
	status int
	bad    []bad
}

type bad struct {
	name  string
	query string
	body  any // raw bytes or JSON
	code  string
}

// cell is what one line of the matrix works on: a fresh organization.
type cell struct {
	organization, syncKey string
	made                  map[string]string // parameters of what was made for it
}

func give(body any) func(*world, *cell) any { return func(*world, *cell) any { return body } }

func TestEveryRouteKnowsWhoMayCallIt(t *testing.T) {
	w := newWorld(t, withPrices(t))
	owner, outsider := w.user("owner"), w.user("outsider")
	stranger := w.user("stranger")
	foreign, foreignKey := w.organization(outsider)
	table := goodRequests()

	for _, route := range w.app.API().Routes() {
		key := route.Method + " " + route.Path
		test, ok := table[key]
		delete(table, key)
		t.Run(key, func(t *testing.T) {
			require.True(t, ok, "the matrix has no request for this route")
			c := &cell{}
			c.organization, c.syncKey = w.organization(owner)
			w.fill(c.syncKey)
			w.renew(c.organization)
			m := matrix{w.on(t), route, test, c}
			m.refuseStrangers(owner, outsider, stranger, foreignKey)
			m.refuseInvalid(owner)
			m.refuseOtherParameters(owner)
			m.refuseOtherPaths(owner)
			m.acceptGood(owner)
		})
	}
	require.Empty(t, table, "requests for routes that do not exist")
	untouched := w.call(request{method: "GET", path: "/api/v1/organizations/" + foreign, token: outsider})
	require.Equal(t, http.StatusOK, untouched.status, "the other organization is untouched")
}

func (w *world) on(t *testing.T) *world {
	other := *w
	other.T = t
	return &other
}

// fill pushes the records that the matrix reads.
func (w *world) fill(syncKey string) {
	w.Helper()
	got := w.call(request{method: "POST", path: "/api/v1/sync/push", token: syncKey, body: object{
		"device_id": deviceID, "changes": []object{
			change("unit", unitID, object{"name": "Килограмм"}),
			change("receipt", receiptID, receiptData()),
			change("unit", badUnitID, object{"name": 17}),
		}}})
	require.Equal(w, http.StatusOK, got.status, "%s", got.body)
}

// nameLicense gives the organization's license the id that requests know.
func (w *world) nameLicense(organization string) {
	w.Helper()
	dbtest.Exec(w, w.dsn, `UPDATE licenses SET id = $2 WHERE organization_id = $1`, organization, licenseID)
}

// renew gives the organization's license a pending renewal, both by ids that the matrix knows.
func (w *world) renew(organization string) {
	w.Helper()
	w.nameLicense(organization)
	dbtest.Exec(w, w.dsn, `INSERT INTO renewals (organization_id, id, license_id, number, months, price, currency, status, requested_by, requested_at)
		VALUES ($1, $2, $3, 1000000, 1, 1500, 'RUB', 'pending', $3, now())`, organization, renewalID, licenseID)
}

func change(kind, id string, data object) object {
	return object{"kind": kind, "id": id, "modified_at": "2026-05-25T20:03:14+03:00", "data": data}
}

func receiptData() object {
	line := object{"id": uuid.NewString(), "product_id": uuid.NewString(), "name": "Капучино", "quantity": 2, "price": 150, "total": 300}
	return object{
		"number": "17", "occurred_at": "2026-05-25T20:03:14+03:00", "closed_at": "2026-05-25T20:03:14+03:00", "type": "sale",
		"status": "closed", "total": 300, "lines": []object{line},
		"payments": []object{{"payment_type_id": uuid.NewString(), "amount": 300}},
	}
}

type matrix struct {
	*world
	route api.Route
	test  good
	cell  *cell
}

// params are those of the route's path.
func (m matrix) params() map[string]string {
	if m.test.make != nil && m.cell.made == nil {
		m.cell.made = m.test.make(m.world, m.cell)
	}
	params := map[string]string{"organization_id": m.cell.organization}
	maps.Copy(params, m.test.params)
	maps.Copy(params, m.cell.made)
	return params
}

func (m matrix) request(token string) request {
	params := m.params()
	r := request{method: m.route.Method, path: at(m.route.Path, params) + m.test.query, token: token}
	if m.test.body != nil {
		r.body = m.test.body(m.world, m.cell)
	}
	if m.test.header != nil {
		r.header = m.test.header(m.world, m.cell)
	}
	return r
}

// refuseStrangers tries everybody who may not: anonymous, a forged token, a
// member without the permission, somebody of another organization.
func (m matrix) refuseStrangers(owner, outsider, stranger, foreignKey string) {
	m.Helper()
	if m.route.Needs.Caller == access.Anyone {
		return
	}
	for name, token := range map[string]string{"anonymous": "", "forged": owner[:len(owner)-4] + "AAAA", "garbage": "isk_x"} {
		got := m.call(m.request(token))
		require.Equal(m, http.StatusUnauthorized, got.status, "%s: %s", name, got.body)
	}
	switch needs := m.route.Needs; {
	case needs == access.Needs{}:
		require.Equal(m, http.StatusUnauthorized, m.call(m.request(m.cell.syncKey)).status, "a sync key opens the sync endpoints only")
	case needs.Caller == access.Device:
		require.Equal(m, http.StatusUnauthorized, m.call(m.request(owner)).status, "an access token does not open the sync endpoints")
	default:
		got := m.call(m.request(outsider))
		require.Equal(m, http.StatusNotFound, got.status, "to another organization's owner it does not exist: %s", got.body)
		require.Equal(m, http.StatusUnauthorized, m.call(m.request(foreignKey)).status)
		for _, needed := range needed(needs) {
			m.join(m.cell.organization, stranger, allBut(needed)...)
			got = m.call(m.request(stranger))
			require.Equal(m, http.StatusForbidden, got.status, "a member with every permission but %q: %s", needed, got.body)
			require.Equal(m, "forbidden", got.code(m))
			m.leave(m.cell.organization, stranger)
		}
	}
}

// needed are the permissions that a route needs, each of which must be asked for; of what only
// an owner may, "".
func needed(needs access.Needs) []access.Permission {
	needed := []access.Permission{needs.Permission}
	if needs.See != "" {
		needed = append(needed, needs.See.View())
	}
	if len(needed) > 1 && needs.Permission == "" {
		return needed[1:]
	}
	return needed
}

// allBut are all permissions but the one that a route needs, and the edit
// permission that includes it. No permission makes an owner.
func allBut(needed access.Permission) []access.Permission {
	section, _, _ := strings.Cut(string(needed), ":")
	return slices.DeleteFunc(access.AllPermissions(), func(permission access.Permission) bool {
		viewNeeded := needed == access.Section(section).View()
		return permission == needed || viewNeeded && permission == access.Section(section).Edit()
	})
}

func (m matrix) refuseInvalid(owner string) {
	m.Helper()
	cases := m.test.bad
	if m.test.body != nil {
		cases = append(cases,
			bad{name: "no JSON", body: []byte(`{"name":`), code: "malformed"},
			bad{name: "another type of value", body: []byte(`[1]`), code: "malformed"},
			bad{name: "invalid UTF-8", body: []byte("{\"email\":\"\xff\"}"), code: "malformed"},
			bad{name: "too large", body: make([]byte, 17<<20), code: "too_large"},
		)
	}
	for _, wrong := range cases {
		r := m.request(m.token(owner))
		r.wrong = true
		if wrong.body != nil {
			r.body = wrong.body
		}
		if wrong.query != "" {
			r.path = strings.TrimSuffix(r.path, m.test.query) + wrong.query
		}
		got := m.call(r)
		require.Equal(m, wrong.code, got.code(m), "%s: %d %s", wrong.name, got.status, got.body)
	}
}

func (m matrix) token(owner string) string {
	switch m.route.Needs.Caller {
	case access.Anyone:
		return ""
	case access.Device:
		return m.cell.syncKey
	}
	return owner
}

func (m matrix) acceptGood(owner string) {
	m.Helper()
	got := m.call(m.request(m.token(owner)))
	require.Equal(m, m.test.status, got.status, "%s", got.body)
	require.NotEmpty(m, got.header.Get("X-Request-Id"))
	if m.route.Method == http.MethodGet {
		m.answerHead(owner, got)
	}
}

// answerHead holds that HEAD is answered as GET, without the content (RFC 9110, 9.3.2).
func (m matrix) answerHead(owner string, got answer) {
	m.Helper()
	asked := m.request(m.token(owner))
	asked.method, asked.wrong = http.MethodHead, true
	head := m.call(asked)
	require.Equal(m, got.status, head.status)
	require.Equal(m, got.header.Get("Content-Type"), head.header.Get("Content-Type"))
	require.Empty(m, head.body)
}

// refuseOtherPaths tries paths that name nothing: to people, there is no such thing.
func (m matrix) refuseOtherPaths(owner string) {
	m.Helper()
	if m.route.Needs.Caller == access.Device {
		return
	}
	for _, name := range []string{"organization_id", "kind", "id", "license_id", "renewal_id", "role_id", "user_id"} {
		for _, wrong := range []string{"nope", "%00", "1e400", "22222222-2222-4222-8222-22222222222"} {
			if !strings.Contains(m.route.Path, ":"+name) {
				continue
			}
			params := m.params()
			params[name] = wrong
			r := m.request(m.token(owner))
			r.path, r.wrong = at(m.route.Path, params)+m.test.query, true
			got := m.call(r)
			require.Equal(m, http.StatusNotFound, got.status, "%s: %s", r.path, got.body)
			require.Equal(m, "not_found", got.code(m))
		}
	}
}

// refuseOtherParameters tries what no route has, and what each route has, twice.
func (m matrix) refuseOtherParameters(owner string) {
	m.Helper()
	if m.route.Needs.Caller == access.Device {
		return
	}
	try := func(query, code string) {
		r := m.request(m.token(owner))
		r.path, r.wrong = strings.TrimSuffix(r.path, m.test.query)+query, true
		got := m.call(r)
		require.Equal(m, "validation_failed", got.code(m), "%s: %d %s", query, got.status, got.body)
		require.Equal(m, code, got.json(m)["errors"].([]any)[0].(object)["code"], query)
	}
	try("?statsu=closed", "unknown")
	operation := m.doc.Paths.Find(braces(m.route.Path)).GetOperation(m.route.Method)
	for _, parameter := range operation.Parameters {
		if parameter.Value.In == "query" {
			try("?"+parameter.Value.Name+"=1&"+parameter.Value.Name+"=2", "repeated")
		}
	}
	got := m.call(request{method: m.route.Method, path: at(m.route.Path, map[string]string{"organization_id": m.cell.organization}) + "?x=%zz", token: m.token(owner), wrong: true})
	require.Equal(m, "malformed", got.code(m), "a query that cannot be read")
}

// The route table and openapi.yaml name the same endpoints, both ways.
func TestTheSpecificationNamesEveryRouteAndNoOther(t *testing.T) {
	w := newWorld(t)
	documented := map[string]bool{}
	for path, item := range w.doc.Paths.Map() {
		for method := range item.Operations() {
			documented[method+" "+path] = true
		}
	}
	for _, route := range w.app.API().Routes() {
		key := route.Method + " " + braces(route.Path)
		require.True(t, documented[key], "%s is not in openapi.yaml", key)
		delete(documented, key)
	}
	require.Empty(t, documented, "in openapi.yaml, but not in the route table")
}

// What a route takes by its address is what openapi.yaml says, and nothing else.
func TestEveryDocumentedParameterIsTaken(t *testing.T) {
	w := newWorld(t)
	token := w.user("owner")
	organization, _ := w.organization(token)
	for _, route := range w.app.API().Routes() {
		if route.Needs.Caller == access.Device {
			continue
		}
		for _, parameter := range w.doc.Paths.Find(braces(route.Path)).GetOperation(route.Method).Parameters {
			if parameter.Value.In != "query" {
				continue
			}
			path := at(route.Path, map[string]string{"organization_id": organization, "kind": "receipt", "id": unitID, "role_id": unitID, "user_id": unitID})
			got := w.call(request{method: route.Method, path: path + "?" + parameter.Value.Name + "=", token: token, wrong: true})
			require.NotContains(t, string(got.body), "is no parameter of this address", "%s %s: %s is missing in the table of queries", route.Method, route.Path, parameter.Value.Name)
		}
	}
}

// braces turns :id of a route into {id} of the specification.
func braces(path string) string {
	parts := strings.Split(path, "/")
	for i, part := range parts {
		if name, ok := strings.CutPrefix(part, ":"); ok {
			parts[i] = "{" + name + "}"
		}
	}
	return strings.Join(parts, "/")
}
