package api_test

import (
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// Whatever a browser is answered, it neither guesses what that is, nor shows it in another site's
// frame, nor runs a script that is not the cabinet's own file, nor tells other sites the address.
func TestEveryAnswerTellsBrowsersWhatTheyMustNotDo(t *testing.T) {
	w := newWorld(t)
	addresses := map[string]string{
		"/": http.MethodGet, "/sign-in": http.MethodGet, "/none.js": http.MethodGet, "/%00": http.MethodGet, "/livez": http.MethodGet,
		"/openapi.yaml": http.MethodGet, "/docs/": http.MethodGet, "/docs/protocol": http.MethodGet, "/docs/none": http.MethodGet, "/api/v1/none": http.MethodGet,
	}
	for _, route := range w.app.API().Routes() {
		addresses["/api/v1"+regexp.MustCompile(`:\w+`).ReplaceAllString(route.Path, receiptID)] = route.Method
	}
	for address, method := range addresses {
		request, err := http.NewRequestWithContext(t.Context(), method, w.app.URL()+address, nil)
		require.NoError(t, err)
		response, err := http.DefaultClient.Do(request)
		require.NoError(t, err)
		require.NoError(t, response.Body.Close())
		header := response.Header
		require.Equal(t, "nosniff", header.Get("X-Content-Type-Options"), address)
		require.Equal(t, "DENY", header.Get("X-Frame-Options"), address)
		require.Equal(t, "no-referrer", header.Get("Referrer-Policy"), address)
		policy := map[string]string{}
		for directive := range strings.SplitSeq(header.Get("Content-Security-Policy"), ";") {
			name, sources, _ := strings.Cut(strings.TrimSpace(directive), " ")
			policy[name] = sources
		}
		require.Equal(t, "'self'", policy["default-src"], address)
		require.Equal(t, "'self'", policy["script-src"], address)
		require.Equal(t, "'none'", policy["frame-ancestors"], address)
		require.Equal(t, "'none'", policy["base-uri"], address)
		require.Equal(t, "'none'", policy["object-src"], address)
	}
}
