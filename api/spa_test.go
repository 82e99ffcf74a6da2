package api

import (
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/stretchr/testify/require"

	"github.com/interpos/cabinet/internal/sync"
)

const (
	spaPage = "<!doctype html><title>Interpos</title>"
	someID  = "7d8f1c52-0b7e-4f0c-9a57-2c1f6f0f9a10"
)

// newSite is a server with a frontend, and with nothing behind it.
func newSite(t *testing.T) *Server {
	pages, err := os.ReadFile("../frontend/public/pages.json")
	require.NoError(t, err)
	return New(Dependencies{
		SPA: fstest.MapFS{
			"index.html": {Data: []byte(spaPage)}, "pages.json": {Data: pages}, "assets/app.js": {Data: []byte("start()")},
		},
		PublicURL: &url.URL{Scheme: "http", Host: "cabinet.example"}, Metrics: prometheus.NewRegistry(), Meter: &sync.Meter{}, Log: slog.New(slog.DiscardHandler),
	})
}

func (s *Server) ask(method, address, accept string) *httptest.ResponseRecorder {
	request := httptest.NewRequest(method, address, nil)
	request.Header.Set("Accept", accept)
	recorder := httptest.NewRecorder()
	s.ServeHTTP(recorder, request)
	return recorder
}

// The pages of the frontend answer with it, and nothing else does.
func TestAnAddressThatIsNoPageIsNotFound(t *testing.T) {
	site := newSite(t)
	var pages []string
	require.NoError(t, json.Unmarshal([]byte(pagesFile(t)), &pages))
	for _, page := range pages {
		parts := strings.Split(page, "/")
		for i, part := range parts {
			if strings.HasPrefix(part, "$") {
				parts[i] = someID
			}
		}
		for _, address := range []string{strings.Join(parts, "/"), strings.Join(parts, "/") + "?x=1"} {
			got := site.ask(http.MethodGet, address, "text/html")
			require.Equal(t, http.StatusOK, got.Code, address)
			require.Equal(t, spaPage, got.Body.String(), address)
		}
	}
	for _, address := range []string{
		"/wp-login.php", "/none", "/sign-in/none", "/o", "/o/", "/o/" + someID + "/none", "/o/" + someID + "/documents/receipt/" + someID + "/none",
		"/index.html/none", "/assets/none.js", "/accounts//none", "/./none",
	} {
		got := site.ask(http.MethodGet, address, "application/json")
		require.Equal(t, http.StatusNotFound, got.Code, address)
		require.Contains(t, got.Body.String(), `"code":"not_found"`, address)
	}
	// A browser shows the page that says so, with the menu beside it.
	got := site.ask(http.MethodGet, "/none", "text/html,application/xhtml+xml,*/*;q=0.8")
	require.Equal(t, http.StatusNotFound, got.Code)
	require.Equal(t, spaPage, got.Body.String())
}

func pagesFile(t *testing.T) string {
	content, err := os.ReadFile("../frontend/public/pages.json")
	require.NoError(t, err)
	return string(content)
}

// Whatever a server reads by GET, it answers HEAD about, and never by the frontend.
func TestEveryAddressThatIsReadAnswersHead(t *testing.T) {
	site := newSite(t)
	heads := map[string]bool{}
	for _, route := range site.echo.Routes() {
		if route.Method == http.MethodHead {
			heads[route.Path] = true
		}
	}
	for _, route := range site.echo.Routes() {
		if route.Method == http.MethodGet {
			require.True(t, heads[route.Path], "HEAD %s", route.Path)
		}
	}
	for _, address := range []string{"/livez", "/openapi.yaml", "/docs/", "/sign-in", "/none", "/api/v1/none", "/assets/app.js"} {
		get, head := site.ask(http.MethodGet, address, "*/*"), site.ask(http.MethodHead, address, "*/*")
		require.Equal(t, get.Code, head.Code, address)
		require.Equal(t, get.Header().Get("Content-Type"), head.Header().Get("Content-Type"), address)
	}
}

// An id of the sender's is kept where it can stand in a log.
func TestEveryAnswerHasARequestID(t *testing.T) {
	site := newSite(t)
	for sent, kept := range map[string]bool{
		"": false, "trace-7f.3:A_b": true, strings.Repeat("a", 64): true, strings.Repeat("a", 65): false, "a b": false, "a\"b": false, "é": false,
	} {
		for _, address := range []string{"/livez", "/none", "/%00", "/?x=%00", "/?x=%zz", "/api/v1/%ff"} {
			request := httptest.NewRequest(http.MethodGet, address, nil)
			request.Header.Set("X-Request-Id", sent)
			recorder := httptest.NewRecorder()
			site.ServeHTTP(recorder, request)
			id := recorder.Header().Get("X-Request-Id")
			require.NotEmpty(t, id, address)
			require.Equal(t, kept, id == sent, "%q is answered with %q", sent, id)
			if recorder.Code >= 400 {
				require.Contains(t, recorder.Body.String(), `"request_id":"`+id+`"`, address)
			}
		}
	}
}
