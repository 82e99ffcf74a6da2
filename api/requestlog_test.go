package api_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// logged waits for the line of a request.
func (w *world) logged(requestID string) (line object) {
	w.Helper()
	require.Eventually(w, func() bool {
		for text := range strings.Lines(w.kept.logged()) {
			if strings.Contains(text, requestID) && strings.Contains(text, `"msg":"request"`) {
				return json.Unmarshal([]byte(text), &line) == nil
			}
		}
		return false
	}, time.Minute, 10*time.Millisecond, "no line of request %s", requestID)
	return line
}

// What a line of the log says suffices to find a request that somebody tells of, and
// nothing of its content stands there.
func TestEveryRequestLeavesALine(t *testing.T) {
	w := newWorld(t)
	token := w.user("owner")
	organization, key := w.organization(token)
	path := "/api/v1/organizations/" + organization
	for _, test := range []struct {
		request
		says object
	}{
		{request{method: "GET", path: path, token: token}, object{"route": "/api/v1/organizations/:organization_id", "status": 200.0, "organization": organization, "user": w.userID(token)}},
		{request{method: "HEAD", path: path, token: token, wrong: true}, object{"method": "HEAD", "status": 200.0}},
		{request{method: "GET", path: path, token: "forged"}, object{"status": 401.0, "code": "unauthorized", "organization": nil, "user": nil}},
		{request{method: "GET", path: path + "/documents/receipt?q=Secretova&late=nope", token: token, wrong: true}, object{"status": 422.0, "code": "validation_failed", "organization": organization}},
		{request{method: "GET", path: "/api/v1/sync/digest?kind=unit", token: key}, object{"route": "/api/v1/sync/digest", "status": 200.0, "organization": organization}},
		{request{method: "GET", path: "/Secretova?q=Secretova"}, object{"route": "none", "status": 404.0, "code": "not_found"}},
		{request{method: "GET", path: "/%00"}, object{"status": 404.0, "code": "not_found"}},
	} {
		got := w.call(test.request)
		line := w.logged(got.header.Get("X-Request-Id"))
		require.Equal(t, "request", line["msg"])
		require.Contains(t, line, "ms")
		require.Contains(t, line, "bytes")
		for name, value := range test.says {
			require.Equal(t, value, line[name], "%s of %v", name, line)
		}
	}
	require.NotContains(t, w.kept.logged(), "Secretova")
}

func TestProbesAreLoggedWhereTheyFail(t *testing.T) {
	w := newWorld(t)
	for path, level := range map[string]string{"/livez": "DEBUG", "/livez?x=%00": "INFO"} {
		got := w.call(request{method: "GET", path: path})
		require.Equal(t, level, w.logged(got.header.Get("X-Request-Id"))["level"], path)
	}
}
