package api_test

import (
	"net/http"
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestAnswersToScreensAreCompressedToo(t *testing.T) {
	v := newVenue(t)
	plain := map[string]string{"Accept-Encoding": "identity"}
	for _, path := range []string{v.path + "/reports/sales-by-day?from=2026-01-01&to=2026-06-30", "/openapi.yaml", "/docs/swagger-ui.css"} {
		get := request{method: "GET", path: path, token: v.token, header: plain}
		whole := v.call(get)
		require.Equal(t, http.StatusOK, whole.status, path)
		for _, coding := range []string{"gzip", "zstd"} {
			got := till{v.world, ""}.compressed(get, coding)
			require.Equal(t, coding, got.header.Get("Content-Encoding"), path)
			require.Contains(t, got.header.Values("Vary"), "Accept-Encoding", path)
			require.Less(t, len(got.body), len(whole.body)/2, path)
			require.Equal(t, untimed(whole.body), untimed(decompressed(t, coding, got.body)), path)
		}
	}
}

// untimed is an answer without the times that it was made at.
func untimed(body []byte) string {
	return regexp.MustCompile(`"(generated_at|as_of)":"[^"]*"`).ReplaceAllString(string(body), "")
}

func TestWhatIsSmallOrCompressedAlreadyIsLeftAlone(t *testing.T) {
	v := newVenue(t)
	for _, path := range []string{"/api/v1/me", v.path + "/documents/receipt?format=xlsx"} {
		got := till{v.world, ""}.compressed(request{method: "GET", path: path, token: v.token}, "gzip, zstd")
		require.Equal(t, http.StatusOK, got.status, path)
		require.Empty(t, got.header.Get("Content-Encoding"), path)
	}
}

func TestAPartOfAFileIsNotCompressed(t *testing.T) {
	w := newWorld(t)
	got := till{w, ""}.compressed(request{method: "GET", path: "/docs/swagger-ui.css", header: map[string]string{"Range": "bytes=10-4009"}}, "gzip")
	require.Equal(t, http.StatusPartialContent, got.status)
	require.Empty(t, got.header.Get("Content-Encoding"))
	require.Len(t, got.body, 4000)
}
