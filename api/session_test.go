package api_test

import (
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/interpos/cabinet/internal/app"
	"github.com/interpos/cabinet/internal/db/dbtest"
)

// cookie is the refresh cookie of an answer.
func (a answer) cookie(t *testing.T) *http.Cookie {
	t.Helper()
	return a.cookieNamed(t, "refresh_token")
}

func (a answer) cookieNamed(t *testing.T, name string) *http.Cookie {
	t.Helper()
	for _, cookie := range (&http.Response{Header: a.header}).Cookies() {
		if cookie.Name == name {
			return cookie
		}
	}
	require.Fail(t, "the answer does not set the cookie", name)
	return nil
}

// enter registers somebody and gives the answer to the sign-in.
func (w *world) enter(name string) answer {
	w.Helper()
	w.user(name)
	return w.call(request{method: "POST", path: "/api/v1/auth/login", body: object{"email": name + "@example.com", "password": password}})
}

func TestTheRefreshCookieIsOutOfReachOfScriptsAndOtherSites(t *testing.T) {
	w := newWorld(t)
	cookie := w.enter("anna").cookie(t)
	require.True(t, cookie.HttpOnly)
	require.Equal(t, http.SameSiteStrictMode, cookie.SameSite)
	require.Equal(t, "/api/v1/auth", cookie.Path)
	require.Equal(t, 30*24*60*60, cookie.MaxAge)
	require.False(t, cookie.Secure, "the browser would not send it over http")
	require.Len(t, cookie.Value, 43)
}

// The cookie of a device comes with each way of signing in, goes to the auth endpoints of this
// site alone, stays after a sign-out, and is good for nothing but to be counted apart.
func TestADeviceIsKnownByACookieThatOpensNothing(t *testing.T) {
	w := newWorld(t)
	login := w.enter("anna")
	device := login.cookieNamed(t, "device")
	require.True(t, device.HttpOnly)
	require.Equal(t, http.SameSiteStrictMode, device.SameSite)
	require.Equal(t, "/api/v1/auth", device.Path)
	require.Equal(t, 365*24*60*60, device.MaxAge)
	header := map[string]string{"Cookie": "device=" + device.Value + "; refresh_token=" + device.Value}
	require.Equal(t, "unauthorized", w.call(request{method: "POST", path: "/api/v1/auth/refresh", header: header}).code(t))
	require.Equal(t, "unauthorized", w.call(request{method: "GET", path: "/api/v1/me", header: header}).code(t))
	session := login.cookie(t)
	header = map[string]string{"Cookie": "refresh_token=" + session.Value + "; device=" + device.Value}
	for _, cookie := range (&http.Response{Header: w.call(request{method: "POST", path: "/api/v1/auth/logout", header: header}).header}).Cookies() {
		require.NotEqual(t, "device", cookie.Name, "it outlives the session")
	}

	require.Equal(t, http.StatusAccepted, w.call(request{method: "POST", path: "/api/v1/auth/forgot-password", body: object{"email": "anna@example.com"}}).status)
	got := w.call(request{method: "POST", path: "/api/v1/auth/reset-password", body: object{
		"token": w.mailedToken("anna@example.com", "/reset-password"), "password": "another battery staple"}})
	require.NotEmpty(t, got.cookieNamed(t, "device").Value)
}

func TestAKnownDeviceSignsInWhileStrangersGuess(t *testing.T) {
	w := newWorld(t)
	device := w.enter("anna").cookieNamed(t, "device")
	login := func(password, cookie string) answer {
		r := request{method: "POST", path: "/api/v1/auth/login", body: object{"email": "anna@example.com", "password": password}}
		if cookie != "" {
			r.header = map[string]string{"Cookie": "device=" + cookie}
		}
		return w.call(r)
	}
	for range 10 {
		require.Equal(t, "invalid_credentials", login("a guess of a stranger", "").code(t))
	}
	require.Equal(t, "rate_limited", login(password, "").code(t))
	require.Equal(t, "rate_limited", login(password, "forged"+device.Value[6:]).code(t))
	got := login(password, device.Value)
	require.Equal(t, http.StatusOK, got.status)
	require.Equal(t, device.Value, got.cookieNamed(t, "device").Value)
}

func TestASessionLivesByItsCookie(t *testing.T) {
	w := newWorld(t)
	first := w.enter("anna").cookie(t)
	refresh := func(cookie *http.Cookie) answer {
		return w.call(request{method: "POST", path: "/api/v1/auth/refresh", header: map[string]string{"Cookie": cookie.Name + "=" + cookie.Value}})
	}
	got := refresh(first)
	require.Equal(t, http.StatusOK, got.status)
	token := got.json(t)["access_token"].(string)
	require.Equal(t, http.StatusOK, w.call(request{method: "GET", path: "/api/v1/me", token: token}).status)
	second := got.cookie(t)
	require.NotEqual(t, first.Value, second.Value)

	got = w.call(request{method: "POST", path: "/api/v1/auth/logout", header: map[string]string{"Cookie": second.Name + "=" + second.Value}})
	require.Equal(t, http.StatusNoContent, got.status)
	require.Negative(t, got.cookie(t).MaxAge, "the browser forgets it")
	require.Equal(t, "unauthorized", refresh(second).code(t))
	require.Equal(t, "unauthorized", w.call(request{method: "POST", path: "/api/v1/auth/refresh"}).code(t))
}

func TestBehindTLSTheRefreshCookieStaysThere(t *testing.T) {
	server, owner := addresses(t, dbtest.DSN(t))
	secured := app.New(app.Config{
		Addr: "127.0.0.1:0", DataDir: t.TempDir(), DatabaseURL: server, DatabaseOwnerURL: owner, PublicURL: "https://cabinet.example", DevInbox: "on", OpsAddr: "127.0.0.1:0",
	}, slog.New(slog.DiscardHandler))
	require.NoError(t, secured.Start(t.Context()))
	defer func() { require.NoError(t, secured.Stop(context.Background())) }()
	response, err := http.Post(secured.URL()+"/api/v1/auth/logout", "application/json", strings.NewReader("")) //nolint:noctx // a test
	require.NoError(t, err)
	defer response.Body.Close()
	require.True(t, response.Cookies()[0].Secure)
	require.NotEmpty(t, response.Header.Get("Strict-Transport-Security"))
}

func TestNoAnswerTellsWhetherAnAddressIsRegistered(t *testing.T) {
	w := newWorld(t)
	w.user("anna")
	for path, body := range map[string]object{
		"register":            {"password": password, "full_name": "Somebody"},
		"resend-verification": {},
		"forgot-password":     {},
		"login":               {"password": "wrong password"},
	} {
		var answers []answer
		for _, email := range []string{"anna@example.com", "nobody@example.com"} {
			answers = append(answers, w.call(request{method: "POST", path: "/api/v1/auth/" + path, body: with(body, "email", email)}))
		}
		known, unknown := likeness(answers[0]), likeness(answers[1])
		require.Equal(t, unknown, known, path)
	}
}

// likeness is an answer without what differs from request to request.
func likeness(a answer) *httptest.ResponseRecorder {
	r := httptest.NewRecorder()
	r.Code = a.status
	for name, values := range a.header {
		if name != "X-Request-Id" && name != "Date" {
			r.Header()[name] = values
		}
	}
	body := string(a.body)
	if id := a.header.Get("X-Request-Id"); id != "" {
		body = strings.ReplaceAll(body, id, "")
	}
	_, _ = r.Body.WriteString(body)
	return r
}

func TestTooManyWrongPasswordsHaveToWait(t *testing.T) {
	w := newWorld(t)
	w.user("anna")
	var got answer
	tries, began := 0, time.Now()
	for got.status != http.StatusTooManyRequests && tries < 100 {
		tries++
		got = w.call(request{method: "POST", path: "/api/v1/auth/login", body: object{"email": "anna@example.com", "password": "wrong password"}})
	}
	const comesBack = 90 * time.Second // a guess
	require.LessOrEqual(t, tries, 11+int(time.Since(began)/comesBack))
	require.Equal(t, http.StatusTooManyRequests, got.status)
	require.Equal(t, "rate_limited", got.code(t))
	require.NotEmpty(t, got.header.Get("Retry-After"))
}

func TestOneChoosesAndLeavesTheOrganizationOneWorksIn(t *testing.T) {
	w := newWorld(t)
	anna, boris := w.user("anna"), w.user("boris")
	mine, _ := w.organization(anna)
	theirs, _ := w.organization(boris)
	choose := func(id any) answer {
		return w.call(request{method: "PATCH", path: "/api/v1/me", token: anna, body: object{"current_organization_id": id}})
	}
	got := choose(mine)
	require.Equal(t, http.StatusOK, got.status, "%s", got.body)
	current := got.json(t)["current_organization"].(object)
	require.Equal(t, "owner", current["role"])
	require.Equal(t, []any{}, current["modules"], "the Delivery license is inactive")
	require.Equal(t, "validation_failed", choose(theirs).code(t))
	got = choose(nil)
	require.Nil(t, got.json(t)["current_organization_id"])
	require.Nil(t, got.json(t)["current_organization"])

	require.Equal(t, http.StatusOK, choose(mine).status)
	require.Equal(t, http.StatusNoContent, w.call(request{method: "DELETE", path: "/api/v1/organizations/" + mine, token: anna}).status)
	got = w.call(request{method: "GET", path: "/api/v1/me", token: anna})
	require.Nil(t, got.json(t)["current_organization_id"])
	require.EqualValues(t, 0, got.json(t)["organizations_owned"])
}

// Whatever signs in or out answers pages of the cabinet alone, and programs.
func TestPagesOfOtherSitesCannotUseASessionsCookie(t *testing.T) {
	w := newWorld(t)
	w.user("anna")
	for _, route := range w.app.API().Routes() {
		if !strings.HasPrefix(route.Path, "/auth/") {
			continue
		}
		for _, header := range []map[string]string{
			{"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}, {"Origin": "https://evil.example"}, {"Origin": "null"},
		} {
			got := w.call(request{method: route.Method, path: "/api/v1" + route.Path, header: header, wrong: true})
			require.Equal(t, http.StatusForbidden, got.status, "%s with %v", route.Path, header)
			require.Empty(t, got.header.Values("Set-Cookie"))
		}
		for _, header := range []map[string]string{nil, {"Sec-Fetch-Site": "same-origin"}, {"Origin": w.app.URL()}} {
			got := w.call(request{method: route.Method, path: "/api/v1" + route.Path, header: header, wrong: true})
			require.NotEqual(t, http.StatusForbidden, got.status, "%s with %v", route.Path, header)
		}
	}
}
