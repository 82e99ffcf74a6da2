package api_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/interpos/cabinet/internal/access"
	"github.com/interpos/cabinet/internal/db/dbtest"
)

// sessions are begun, renewed and ended; what they hand out is not kept.
var sessions = map[string]bool{
	"/auth/login": true, "/auth/refresh": true, "/auth/logout": true, "/auth/verify-email": true, "/auth/reset-password": true,
	"/auth/letter": true,
}

// Whatever people make by POST is made once, however often it is sent with one key. A new
// route is tried by itself.
func TestWhatIsSentAgainWithItsKeyIsMadeOnce(t *testing.T) {
	w := newWorld(t, withPrices(t))
	token, other := w.user("owner"), w.user("other")
	table := goodRequests()
	for _, route := range w.app.API().Routes() {
		if route.Method != http.MethodPost || route.Needs.Caller == access.Device || sessions[route.Path] {
			continue
		}
		t.Run(route.Path, func(t *testing.T) {
			operation := w.doc.Paths.Find(braces(route.Path)).Post
			require.NotNil(t, operation.Parameters.GetByInAndName("header", "Idempotency-Key"), "openapi.yaml does not say so")
			c := &cell{}
			c.organization, c.syncKey = w.organization(token)
			w.on(t).nameLicense(c.organization)
			m := matrix{w.on(t), route, table["POST "+route.Path], c}
			r := m.request(m.token(token))
			key := uuid.NewString()
			r.header = map[string]string{"Idempotency-Key": key}

			first := m.call(r)
			require.Equal(t, m.test.status, first.status, "%s", first.body)
			require.Empty(t, first.header.Get("Idempotency-Replayed"))
			again := m.call(r)
			require.Equal(t, first.status, again.status, "%s", again.body)
			require.Equal(t, string(first.body), string(again.body))
			for _, name := range []string{"Location", "ETag", "Content-Type"} {
				require.Equal(t, first.header.Get(name), again.header.Get(name), name)
			}
			require.Equal(t, "true", again.header.Get("Idempotency-Replayed"))

			changed := r
			changed.wrong, changed.body = true, []byte(`{"another":"body"}`)
			got := m.call(changed)
			require.Equal(t, http.StatusUnprocessableEntity, got.status)
			require.Equal(t, "idempotency_key_reused", got.code(t))
			for _, key := range []string{"a b", "é", strings.Repeat("k", 256)} {
				strange := r
				strange.wrong, strange.header = true, map[string]string{"Idempotency-Key": key}
				require.Equal(t, "validation_failed", m.call(strange).code(t), "%q", key)
			}
		})
	}
	// A key of one is nothing to another, and says nothing of it.
	r := request{method: "POST", path: "/api/v1/organizations", body: organizationBody("Once"), header: map[string]string{"Idempotency-Key": "shared"}}
	r.token = token
	mine := w.call(r)
	r.token = other
	theirs := w.call(r)
	require.Equal(t, http.StatusCreated, theirs.status)
	require.NotEqual(t, mine.json(t)["id"], theirs.json(t)["id"])
}

func TestARefusedRequestMayBeMendedUnderItsKey(t *testing.T) {
	w := newWorld(t)
	token := w.user("owner")
	w.organization(token) // raises the limit
	r := request{method: "POST", path: "/api/v1/organizations", token: token, header: map[string]string{"Idempotency-Key": "k"}}
	r.body = with(organizationBody("x"), "currency", "XQX")
	require.Equal(t, "validation_failed", w.call(r).code(t))
	r.body = organizationBody("x")
	require.Equal(t, http.StatusCreated, w.call(r).status)
	r.token = ""
	require.Equal(t, "unauthorized", w.call(r).code(t), "whoever may not ask is told nothing")
}

// Whoever is told to send the same again may do so with the same key.
func TestWhatCouldNotBeDoneNowMayBeSentAgainWithItsKey(t *testing.T) {
	w := newWorld(t)
	token := w.user("owner")
	w.organization(token) // raises the limit
	dbtest.Exec(t, w.dsn, `
		CREATE FUNCTION fail_now() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'too many' USING ERRCODE = '53300'; END $$;
		CREATE TRIGGER fail_now BEFORE INSERT ON organizations FOR EACH ROW EXECUTE FUNCTION fail_now()`)
	r := request{method: "POST", path: "/api/v1/organizations", token: token, body: organizationBody("x"), header: map[string]string{"Idempotency-Key": "k"}}
	for range 2 {
		response, err := http.DefaultClient.Do(w.build(r))
		require.NoError(t, err)
		require.NoError(t, response.Body.Close())
		require.Equal(t, http.StatusServiceUnavailable, response.StatusCode)
		require.NotEmpty(t, response.Header.Get("Retry-After"))
	}
	dbtest.Exec(t, w.dsn, `DROP TRIGGER fail_now ON organizations; DROP FUNCTION fail_now()`)
	require.Equal(t, http.StatusCreated, w.call(r).status)
}
