package api_test

import (
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/interpos/cabinet/internal/problem"
)

func TestTheSpecificationIsBrowsedWithoutInternet(t *testing.T) {
	w := newWorld(t)
	page := w.call(request{method: "GET", path: "/docs/"})
	require.Equal(t, http.StatusOK, page.status)
	parts := regexp.MustCompile(`(?:src|href)="([^"]+)"`).FindAllStringSubmatch(string(page.body), -1)
	require.Len(t, parts, 5)
	for _, part := range parts {
		got := w.call(request{method: "GET", path: part[1]})
		require.Equal(t, http.StatusOK, got.status, part[1])
		require.Regexp(t, `^text/(css|javascript|html)`, got.header.Get("Content-Type"))
	}
	require.Contains(t, string(w.call(request{method: "GET", path: "/openapi.yaml"}).body), "openapi: 3.0")
	require.Equal(t, http.StatusMovedPermanently, w.call(request{method: "GET", path: "/docs"}).status)
	require.Equal(t, http.StatusNotFound, w.call(request{method: "GET", path: "/docs/none.js"}).status)
}

func TestDocumentsAreReadInTheBrowser(t *testing.T) {
	w := newWorld(t)
	for name, told := range map[string]string{
		"protocol": "What it promises", "errors": "validation_failed", "api": "updated_since", "agent": "In six steps", "agent.ru": `<html lang="ru">`,
	} {
		page := w.call(request{method: "GET", path: "/docs/" + name})
		require.Equal(t, http.StatusOK, page.status)
		require.Regexp(t, "^text/html", page.header.Get("Content-Type"))
		require.Contains(t, string(page.body), told)
		for _, link := range regexp.MustCompile(`href="([^"]+)"`).FindAllStringSubmatch(string(page.body), -1) {
			switch target := link[1]; {
			case strings.HasPrefix(target, "#"):
				heading, err := url.PathUnescape(target[1:])
				require.NoError(t, err)
				if !strings.Contains(string(page.body), `id="`+heading+`"`) {
					t.Errorf("%s: #%s points at nothing", name, heading)
				}
			case strings.HasPrefix(target, "/"):
				require.Equal(t, http.StatusOK, w.call(request{method: "GET", path: target}).status, target)
			default:
				require.Regexp(t, "^https://", target)
			}
		}
	}
	errors := string(w.call(request{method: "GET", path: "/docs/errors"}).body)
	for _, entry := range problem.Entries {
		require.Contains(t, errors, `<h3 id="`+string(entry.Code)+`"`)
	}
}

func TestOperatorsAskHowTheServerIs(t *testing.T) {
	w := newWorld(t)
	require.Eventually(t, func() bool { // right after the start, a second may be too short for its ping
		got, err := http.Get(w.app.URL() + "/readyz")
		if err != nil {
			return false
		}
		defer got.Body.Close()
		body, err := io.ReadAll(got.Body)
		return err == nil && got.StatusCode == http.StatusOK && string(body) == "ready\n"
	}, time.Minute, 50*time.Millisecond)
	got := w.call(request{method: "GET", path: "/livez"})
	require.Equal(t, http.StatusOK, got.status)
	metrics, err := http.Get(w.app.OpsURL() + "/metrics") //nolint:noctx // a test
	require.NoError(t, err)
	defer metrics.Body.Close()
	body, err := io.ReadAll(metrics.Body)
	require.NoError(t, err)
	require.Contains(t, string(body), `http_request_duration_seconds_bucket{method="GET",route="/livez"`)
}

func TestStrangeAddressesAreAnsweredCalmly(t *testing.T) {
	w := newWorld(t)
	for _, path := range []string{"/api/v1/none", "/api/v1/organizations/none", "/api/v1/organizations/%00", "/api/v1/%ff%fe", "/.well-known/none", "/dev/none"} {
		got := w.call(request{method: "GET", path: path, wrong: true})
		require.Contains(t, []int{http.StatusNotFound, http.StatusUnauthorized}, got.status, path)
		require.NotEmpty(t, got.code(t), path)
	}
	got := w.call(request{method: "GET", path: "/api/v1/me?x=%00", wrong: true})
	require.Equal(t, "malformed", got.code(t))
	got = w.call(request{method: "PUT", path: "/api/v1/me", wrong: true})
	require.Equal(t, "method_not_allowed", got.code(t))
	got = w.call(request{method: "POST", path: "/api/v1/none", wrong: true})
	require.Equal(t, "not_found", got.code(t))
}
