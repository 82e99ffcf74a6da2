package api_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"github.com/interpos/cabinet/internal/access"
	"github.com/interpos/cabinet/internal/app"
)

// readsLittle are the routes of an organization that read a few rows by their keys, whatever the feed holds.
var readsLittle = map[string]bool{
	"/organizations/:organization_id":                                           true,
	"/organizations/:organization_id/licenses":                                  true,
	"/organizations/:organization_id/licenses/:license_id/renewals":             true,
	"/organizations/:organization_id/licenses/:license_id/renewals/:renewal_id": true,
	"/organizations/:organization_id/members":                                   true,
	"/organizations/:organization_id/members/:user_id":                          true,
	"/organizations/:organization_id/roles":                                     true,
	"/organizations/:organization_id/roles/:role_id":                            true,
	"/organizations/:organization_id/sync/status":                               true,
	"/organizations/:organization_id/sync/devices":                              true,
	"/sync/sources":        true,
	"/sync/records":        true, // at most so many ids
	"/sync/licenses":       true,
	"/sync/changes":        true, // by windows, as far as its reader keeps up
	"/sync/digest/records": true, // a page of one bucket at a time
}

// Whatever reads as much as an organization has does so in one of its places: where their
// statements come to no end, so many requests wait, and one more is refused at once. No
// connection is left to be waited for otherwise.
func TestWhateverReadsAsMuchAsThereIsWaitsForAPlace(t *testing.T) {
	const most = 18 // in places and in the queue: internal/db/places.go
	w := newWorld(t, func(config *app.Config) { config.DatabaseMaxConns = 12 })
	owner := w.user("owner")
	organization, key := w.organization(owner)
	w.fill(key)
	table := goodRequests()
	for _, route := range w.app.API().Routes() {
		ofOne := route.Needs.Caller == access.Device || strings.Contains(route.Path, ":organization_id")
		if route.Method != http.MethodGet || !ofOne || readsLittle[route.Path] {
			continue
		}
		t.Run(route.Path, func(t *testing.T) {
			w, token := w.on(t), owner
			if route.Needs.Caller == access.Device {
				token = key
			}
			m := matrix{w, route, table[route.Method+" "+route.Path], &cell{organization: organization, syncKey: key}}
			require.Equal(t, http.StatusOK, w.call(m.request(token)).status)

			conn, err := pgx.Connect(t.Context(), w.dsn)
			require.NoError(t, err)
			defer conn.Close(t.Context())
			_, err = conn.Exec(t.Context(), `BEGIN; LOCK TABLE records, rejections, projection_cursors IN ACCESS EXCLUSIVE MODE`)
			require.NoError(t, err)
			answers := make(chan int, most+1)
			for range most + 1 {
				sent := w.build(m.request(token))
				go func() {
					response, err := http.DefaultClient.Do(sent)
					if err != nil {
						answers <- 0
						return
					}
					answers <- response.StatusCode
					_ = response.Body.Close()
				}()
			}
			require.Equal(t, http.StatusTooManyRequests, <-answers)
			_, err = conn.Exec(t.Context(), `ROLLBACK`)
			require.NoError(t, err)
			for range most {
				require.Equal(t, http.StatusOK, <-answers)
			}
		})
	}
}
