package api_test

import (
	"io"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/interpos/cabinet/internal/app"
)

// ending are the ways in which a sync key loses what it opens.
var ending = map[string]func(t *world, id, owner string){
	"the key is replaced": func(w *world, id, owner string) {
		require.Equal(w, http.StatusOK, w.call(request{method: "POST", path: "/api/v1/organizations/" + id + "/sync-key", token: owner}).status)
	},
	"the organization is archived": func(w *world, id, owner string) {
		require.Equal(w, http.StatusNoContent, w.call(request{method: "DELETE", path: "/api/v1/organizations/" + id, token: owner}).status)
	},
}

// soon is how long a key that was replaced may go on reading.
const soon = 5 * time.Second

func TestALongPollEndsWithItsSyncKey(t *testing.T) {
	for name, end := range ending {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			owner := w.user("owner")
			id, key := w.organization(owner)
			device := till{w, key}
			answered := make(chan answer, 1)
			go func() {
				answered <- w.call(request{method: "GET", path: "/api/v1/sync/changes?wait=30", token: key})
			}()
			time.Sleep(500 * time.Millisecond) // it waits: where it does not yet, it is refused all the same
			end(w, id, owner)
			ended := time.Now()
			got := <-answered
			require.Less(t, time.Since(ended), 20*time.Second, "the poll would have been held for thirty")
			require.Equal(t, http.StatusUnauthorized, got.status, "%s", got.body)
			require.Equal(t, "sync_key_invalid", got.code(t))
			require.Equal(t, http.StatusUnauthorized, device.pull("", nil).status)
		})
	}
}

func TestAWakingAsksForTheSyncKeyBeforeItShowsWhatArrived(t *testing.T) {
	w := newWorld(t)
	owner := w.user("owner")
	id, old := w.organization(owner)
	answered := make(chan answer, 1)
	go func() { answered <- w.call(request{method: "GET", path: "/api/v1/sync/changes?wait=30", token: old}) }()
	time.Sleep(500 * time.Millisecond)
	got := w.call(request{method: "POST", path: "/api/v1/organizations/" + id + "/sync-key", token: owner})
	device := till{w, got.json(t)["sync_key"].(string)}
	pushed := device.push(object{"device_id": deviceID, "changes": []object{change("unit", unitID, object{"name": "secret"})}}, nil)
	require.Equal(t, http.StatusOK, pushed.status)
	poll := <-answered
	require.Equal(t, http.StatusUnauthorized, poll.status, "%s", poll.body)
	require.NotContains(t, string(poll.body), "secret")
}

// A reader of a stream that does not read for a while has its buffers full; it gets those, and
// then the answer is cut off.
func TestAStreamEndsWithItsSyncKey(t *testing.T) {
	const feed = 60_000 // records of 1,000 bytes: much more than all buffers on the way hold
	var owner, id string
	device := bigFeed(t, feed, func(*app.Config) {})
	owner = device.call(request{method: "POST", path: "/api/v1/auth/login", body: object{"email": "owner@example.com", "password": password}}).json(t)["access_token"].(string)
	id = device.call(request{method: "GET", path: "/api/v1/organizations", token: owner}).json(t)["items"].([]any)[0].(object)["id"].(string)
	reader := device.stall()
	require.Equal(t, http.StatusOK, reader.answer.StatusCode)
	ending["the key is replaced"](device.world, id, owner)
	time.Sleep(soon - time.Second) // within which nobody reads
	body, err := io.ReadAll(reader.lines)
	require.Error(t, err, "the answer is cut off")
	require.Less(t, len(body), feed*1000/2)
}
