package api_test

import (
	"net/http"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/interpos/cabinet/internal/app"
)

func TestASyncKeyThatHasUsedUpItsMinuteIsToldWhenToComeAgain(t *testing.T) {
	w := newWorld(t, func(c *app.Config) { c.SyncRequestsPerMinute = 5 })
	owner := w.user("owner")
	_, greedy := w.organization(owner)
	_, other := w.organization(owner)
	hello := func(key string) answer {
		return w.call(request{method: "POST", path: "/api/v1/sync/hello", token: key, body: object{"device_id": deviceID}})
	}
	first := hello(greedy)
	require.Equal(t, http.StatusOK, first.status)
	require.EqualValues(t, 5, first.json(t)["limits"].(object)["requests_per_minute"])
	require.Equal(t, `"requests";q=5;w=60, "bytes";q=4294967296;w=60, "records";q=5000000;w=60`, first.header.Get("RateLimit-Policy"))
	require.Regexp(t, `^"requests";r=4;t=\d+, "bytes";r=\d+;t=\d+, "records";r=5000000;t=\d+$`, first.header.Get("RateLimit"))

	last := first
	admitted, began := 0, time.Now()
	for last.status == http.StatusOK && admitted < 100 {
		admitted++
		last = hello(greedy)
	}
	require.LessOrEqual(t, admitted, 5*(2+int(time.Since(began)/time.Minute)), "the minute may turn amid them")
	require.Equal(t, http.StatusTooManyRequests, last.status)
	require.Equal(t, "rate_limited", last.code(t))
	seconds, err := strconv.Atoi(last.header.Get("Retry-After"))
	require.NoError(t, err)
	require.Positive(t, seconds)
	require.LessOrEqual(t, seconds, 60)
	require.Regexp(t, `^"requests";r=0;`, last.header.Get("RateLimit"))
	require.Equal(t, http.StatusOK, hello(other).status, "another organization's key")
}
