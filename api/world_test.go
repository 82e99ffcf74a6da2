package api_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/gorillamux"
	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	cabinet "github.com/interpos/cabinet"
	"github.com/interpos/cabinet/internal/access"
	"github.com/interpos/cabinet/internal/app"
	"github.com/interpos/cabinet/internal/db/dbtest"
	"github.com/interpos/cabinet/internal/fault"
	"github.com/interpos/cabinet/internal/problem"
)

const password = "correct horse battery staple"

// world is a running cabinet, seen from outside.
type world struct {
	*testing.T
	app  *app.App
	dsn  string
	kept *secrecy
	spec routers.Router
	doc  *openapi3.T
}

func init() {
	openapi3filter.RegisterBodyDecoder("application/x-ndjson", openapi3filter.FileBodyDecoder)
}

// object is a JSON object of a request or an answer.
type object = map[string]any

// answer is what came back.
type answer struct {
	status int
	header http.Header
	body   []byte
}

// addresses are what the host sets for a database: its owner's alone, or, where `make test-pooled`
// runs the tests, that of a PgBouncer and that of an owner who may create no roles.
func addresses(t *testing.T, dsn string) (server, owner string) {
	t.Helper()
	switch {
	case os.Getenv("TEST_POOLER") != "":
		return dbtest.Pooled(t, dsn), dbtest.Owner(t, dsn)
	case os.Getenv("TEST_OWNER") != "":
		return dbtest.Server(t, dsn), dbtest.Owner(t, dsn)
	}
	return dsn, ""
}

func newWorld(t *testing.T, settings ...func(*app.Config)) *world {
	t.Helper()
	w := &world{T: t, dsn: dbtest.DSN(t), kept: &secrecy{secrets: map[string]string{}}}
	config := app.Config{Addr: "127.0.0.1:0", DataDir: t.TempDir(), DatabaseURL: w.dsn, LogLevel: "error", DevInbox: "on", OpsAddr: "127.0.0.1:0",
		TrustedProxies: []string{"127.0.0.0/8"}}
	for _, set := range settings {
		set(&config)
	}
	config.DatabaseURL, config.DatabaseOwnerURL = addresses(t, config.DatabaseURL)
	t.Cleanup(func() { w.kept.hold(t) }) // when the server has stopped
	w.app = app.New(config, w.kept.logger())
	require.NoError(t, w.app.Start(context.Background()))
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		require.NoError(t, w.app.Stop(ctx))
	})
	doc, err := specification()
	require.NoError(t, err)
	own := *doc
	own.Servers = openapi3.Servers{{URL: w.app.URL() + "/api/v1"}}
	w.doc = &own
	w.spec, err = gorillamux.NewRouter(w.doc)
	require.NoError(t, err)
	return w
}

// specification is openapi.yaml, read once for all servers. Nobody changes it.
var specification = sync.OnceValues(func() (*openapi3.T, error) { return openapi3.NewLoader().LoadFromData(cabinet.OpenAPI) })

// request is one call. Body may be nil, raw bytes, or what is sent as JSON.
type request struct {
	method, path string
	token        string
	body         any
	header       map[string]string
	wrong        bool // breaks the specification on purpose
}

// call sends a request, and holds it and its answer against openapi.yaml.
func (w *world) call(r request) answer {
	w.Helper()
	sent := w.build(r)
	response, err := (&http.Client{CheckRedirect: noRedirect}).Do(sent)
	require.NoError(w, err)
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	require.NoError(w, err)
	got := answer{response.StatusCode, response.Header, body}
	w.kept.learn(body)
	require.Less(w, got.status, 500, "%s %s: %s", r.method, r.path, body)
	if strings.HasPrefix(r.path, "/api/v1/") {
		w.holdAgainstSpecification(r, got)
	}
	return got
}

func noRedirect(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }

func (w *world) build(r request) *http.Request {
	w.Helper()
	var body io.Reader
	switch content := r.body.(type) {
	case nil:
	case []byte:
		body = bytes.NewReader(content)
	default:
		raw, err := json.Marshal(content)
		require.NoError(w, err)
		w.kept.learn(raw)
		body = bytes.NewReader(raw)
	}
	sent, err := http.NewRequest(r.method, w.app.URL()+r.path, body)
	require.NoError(w, err)
	if r.body != nil {
		sent.Header.Set("Content-Type", "application/json")
	}
	if r.token != "" {
		sent.Header.Set("Authorization", "Bearer "+r.token)
	}
	for name, value := range r.header {
		sent.Header.Set(name, value)
	}
	return sent
}

func (w *world) holdAgainstSpecification(r request, got answer) {
	w.Helper()
	again := w.build(r)
	route, params, err := w.spec.FindRoute(again)
	if err != nil {
		require.True(w, r.wrong, "%s %s is not in openapi.yaml: %v", r.method, r.path, err)
		return
	}
	input := &openapi3filter.RequestValidationInput{
		Request: again, PathParams: params, Route: route,
		Options: &openapi3filter.Options{AuthenticationFunc: openapi3filter.NoopAuthenticationFunc},
	}
	if err := openapi3filter.ValidateRequest(context.Background(), input); !r.wrong && !rejects(got) {
		require.NoError(w, err, "request %s %s", r.method, r.path)
	}
	output := &openapi3filter.ResponseValidationInput{
		RequestValidationInput: input, Status: got.status, Header: got.header,
		Options: &openapi3filter.Options{IncludeResponseStatus: true},
	}
	w.holdAgainstCatalogue(route.Operation, got)
	output.SetBodyBytes(got.body)
	require.NoError(w, openapi3filter.ValidateResponse(context.Background(), output), "answer %s %s: %d %s", r.method, r.path, got.status, got.body)
}

// holdAgainstCatalogue holds that an operation names each code that it answers with, and
// that the catalogue knows those of fields.
func (w *world) holdAgainstCatalogue(operation *openapi3.Operation, got answer) {
	w.Helper()
	if got.status < 400 {
		return
	}
	named := operation.Responses.Status(got.status)
	require.NotNil(w, named, "%s does not say that it answers %d: add to its handler `@Failure %[2]d {object} Problem \"%[3]s\"`",
		operation.OperationID, got.status, got.code(w))
	require.Contains(w, named.Value.Extensions["x-codes"], got.code(w), "%s does not say that it answers so: add the code to its `@Failure %d`",
		operation.OperationID, got.status)
	var body struct{ Errors []fault.Field }
	require.NoError(w, json.Unmarshal(got.body, &body))
	for _, field := range body.Errors {
		known := func(reason problem.Reason) bool { return reason.Code == field.Code }
		require.True(w, slices.ContainsFunc(slices.Concat(problem.FieldReasons, problem.RecordReasons), known), "internal/problem does not tell of %s", field.Code)
	}
}

// rejects says whether an answer is a push's, some of whose changes were not taken: they
// may break the specification as well.
func rejects(got answer) bool {
	return bytes.Contains(got.body, []byte(`"status":"rejected"`)) || bytes.Contains(got.body, []byte(`"status":"license_required"`))
}

func (a answer) json(t testing.TB) object {
	t.Helper()
	var o object
	require.NoError(t, json.Unmarshal(a.body, &o), "%s", a.body)
	return o
}

func (a answer) code(t testing.TB) string {
	t.Helper()
	require.Contains(t, a.header.Get("Content-Type"), "application/problem+json", "%d %s", a.status, a.body)
	code, _ := a.json(t)["code"].(string)
	return code
}

// user registers an account, follows the link of the letter, and signs in.
func (w *world) user(name string) (token string) {
	w.Helper()
	email := name + "@example.com"
	got := w.call(request{method: "POST", path: "/api/v1/auth/register", body: object{
		"email": email, "password": password, "full_name": strings.ToUpper(name[:1]) + name[1:]}})
	require.Equal(w, http.StatusAccepted, got.status, "%s", got.body)
	got = w.call(request{method: "POST", path: "/api/v1/auth/verify-email", body: object{"token": w.mailedToken(email, "/verify-email"), "password": password}})
	require.Equal(w, http.StatusOK, got.status, "%s", got.body)
	return got.json(w)["access_token"].(string)
}

// mailedToken waits for a letter to an address with a link to a page, and takes
// the token from it.
func (w *world) mailedToken(email, page string) string {
	w.Helper()
	var token string
	require.Eventually(w, func() bool {
		var letters []struct {
			To    string
			Links []string
		}
		got := w.call(request{method: "GET", path: "/dev/mail.json"})
		require.NoError(w, json.Unmarshal(got.body, &letters))
		for _, letter := range letters {
			if letter.To != email {
				continue
			}
			for _, link := range letter.Links {
				parsed, err := url.Parse(link)
				require.NoError(w, err)
				if parsed.Path == page {
					token = strings.TrimPrefix(parsed.Fragment, "token=")
					return true
				}
			}
		}
		return false
	}, time.Minute, 20*time.Millisecond, "no letter to %s", email)
	return token
}

func (w *world) userID(token string) string {
	w.Helper()
	return w.call(request{method: "GET", path: "/api/v1/me", token: token}).json(w)["id"].(string)
}

// organization creates an organization and gives its id and sync key. The limit
// is raised first, as support would.
func (w *world) organization(token string) (id, syncKey string) {
	w.Helper()
	dbtest.Exec(w, w.dsn, "UPDATE users SET organization_limit = 1000")
	got := w.call(request{method: "POST", path: "/api/v1/organizations", token: token, body: organizationBody("Venue")})
	require.Equal(w, http.StatusCreated, got.status, "%s", got.body)
	created := got.json(w)
	return created["id"].(string), created["sync_key"].(string)
}

func organizationBody(name string) object {
	return object{"name": name, "time_zone": "Europe/Moscow", "currency": "RUB", "default_delivery_minutes": 60}
}

// join makes a user a member with a role of just these permissions.
func (w *world) join(organization, userToken string, permissions ...access.Permission) {
	w.Helper()
	w.enroll(organization, w.userID(userToken), w.role(organization, "Role "+uuid.NewString(), permissions...))
}

func (w *world) enroll(organization, user, role string) {
	w.Helper()
	dbtest.Exec(w, w.dsn, `INSERT INTO members (organization_id, user_id, role_id) VALUES ($1, $2, $3)`, organization, user, role)
}

// role makes a role of an organization's own, past the API.
func (w *world) role(organization, name string, permissions ...access.Permission) (id string) {
	w.Helper()
	id, texts := uuid.NewString(), make([]string, len(permissions))
	for i, permission := range permissions {
		texts[i] = string(permission)
	}
	dbtest.Exec(w, w.dsn, `INSERT INTO roles (organization_id, id, name, permissions) VALUES ($1, $2, $3, $4)`, organization, id, name, texts)
	return id
}

// member makes a user who never signs in, and a member with just these permissions.
func (w *world) member(organization string, permissions ...access.Permission) (user string) {
	w.Helper()
	user = uuid.NewString()
	dbtest.Exec(w, w.dsn, `INSERT INTO users (id, email, password_hash, full_name) VALUES ($1, $2, '', 'Member')`, user, user+"@example.com")
	w.enroll(organization, user, w.role(organization, "Role "+uuid.NewString(), permissions...))
	return user
}

// leave takes a member out of an organization again.
func (w *world) leave(organization, userToken string) {
	w.Helper()
	dbtest.Exec(w, w.dsn, `DELETE FROM members WHERE organization_id = $1 AND user_id = $2`, organization, w.userID(userToken))
}

// at fills the parameters of a route's path.
func at(path string, params map[string]string) string {
	for name, value := range params {
		path = strings.ReplaceAll(path, ":"+name, url.PathEscape(value))
	}
	return "/api/v1" + path
}
