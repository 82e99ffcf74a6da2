//go:build linux

package agent_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/interpos/cabinet/internal/agent"
	"github.com/interpos/cabinet/internal/agent/send"
)

// lossy stands between a till and the cabinet: while it loses, pushes arrive and
// their answers do not.
func lossy(t *testing.T, c *cabinet) (loses *atomic.Bool) {
	t.Helper()
	target, err := url.Parse(c.url)
	require.NoError(t, err)
	loses = &atomic.Bool{}
	proxy := httputil.NewSingleHostReverseProxy(target)
	proxy.ModifyResponse = func(answer *http.Response) error {
		if loses.Load() && strings.HasSuffix(answer.Request.URL.Path, "/sync/push") {
			return errors.New("lost")
		}
		return nil
	}
	proxy.ErrorHandler = func(w http.ResponseWriter, _ *http.Request, _ error) { w.WriteHeader(http.StatusBadGateway) }
	server := httptest.NewServer(proxy)
	t.Cleanup(server.Close)
	c.url = server.URL
	return loses
}

// lose synchronizes, and the answers do not arrive.
func (v *outlet) lose(loses *atomic.Bool) {
	v.Helper()
	loses.Store(true)
	defer loses.Store(false)
	_, err := v.try(agent.Options{RetryFor: time.Millisecond})
	require.ErrorContains(v, err, "502")
}

// A row was taken by the cabinet, the agent never learned of it, and then the row
// is deleted: nobody else would ever delete it in the cabinet.
func TestWhatVanishesAfterALostAnswerIsDeletedAllTheSame(t *testing.T) {
	t.Parallel()
	c := newCabinet(t)
	loses := lossy(t, c)
	v := newOutlet(t, c, 2)
	v.sync(agent.Options{})
	v.exec("INSERT INTO waste_reasons VALUES (6, 'Новая', '2026-05-26T10:00:00+03:00')")
	v.lose(loses)
	v.exec("DELETE FROM waste_reasons WHERE id = 6")
	require.Equal(t, send.Totals{Sent: 1, Applied: 1, Deleted: 1}, v.sync(agent.Options{}))
	require.Empty(t, v.differences())

	v.exec("DELETE FROM waste_reasons WHERE id = 5")
	v.lose(loses)
	require.Equal(t, send.Totals{Sent: 1, Unchanged: 1}, v.sync(agent.Options{}), "a deletion is repeated too")
	require.Equal(t, sum(0), v.sync(agent.Options{Full: true}))
	require.Empty(t, v.differences())
}

// The clock is set between a lost answer and the next change of the row: that must win over what the cabinet has taken.
// A time weeks ahead it cannot have taken, and nothing has to outdo that.
func TestAClockSetAfterALostAnswerHoldsNothingUp(t *testing.T) {
	t.Parallel()
	for name, lost := range map[string]string{"back by an hour": "2026-05-26T12:00:00+03:00", "right again": "2094-01-01T00:00:00Z"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newCabinet(t)
			loses := lossy(t, c)
			v := newOutlet(t, c, 2)
			v.sync(agent.Options{})
			v.exec("UPDATE checks SET guests = 7, changed_at = ? WHERE id = 1", lost)
			v.lose(loses)
			v.exec("UPDATE checks SET guests = 8, changed_at = '2026-05-26T11:00:00+03:00' WHERE id = 1")
			require.Equal(t, sum(1), v.sync(agent.Options{}))
			require.Empty(t, v.differences())
			require.Equal(t, sum(0), v.sync(agent.Options{Full: true}))
		})
	}
}

// The cabinet has a row under a time of some hours ahead. A change of it under a time of
// weeks ahead is refused, the answer is lost, and the clock is set right: the change must
// come later than what the cabinet has, not beside it, where the greater hash would win.
func TestAClockHoursAndThenWeeksAheadHoldsNothingUp(t *testing.T) {
	t.Parallel()
	c := newCabinet(t)
	loses := lossy(t, c)
	v := newOutlet(t, c, 2)
	v.exec("UPDATE checks SET changed_at = ? WHERE id = 1", time.Now().Add(20*time.Hour).Format(time.RFC3339))
	v.sync(agent.Options{})
	for guests := range 8 { // each time one of two hashes is the greater one
		v.exec("UPDATE checks SET guests = ?, changed_at = '2094-01-01T00:00:00Z' WHERE id = 1", 20+guests)
		v.lose(loses)
		v.exec("UPDATE checks SET changed_at = ? WHERE id = 1", time.Now().Format(time.RFC3339))
		require.Equal(t, sum(1), v.sync(agent.Options{}))
		require.Empty(t, v.differences())
	}
	v.exec("INSERT INTO waste_reasons VALUES (6, 'Новая', '2094-01-01T00:00:00Z')")
	v.lose(loses)
	v.exec("UPDATE waste_reasons SET changed_at = '2026-05-26T10:00:00+03:00' WHERE id = 6")
	v.sync(agent.Options{})
	require.Empty(t, v.differences())
}
