package api_test

import (
	"encoding/json"
	"net/http"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/interpos/cabinet/internal/db/dbtest"
)

// feed says hello with a cursor, and gives what the cabinet says of the feed.
func (t till) feed(cursor string) object {
	t.Helper()
	got := t.call(request{method: "POST", path: "/api/v1/sync/hello", token: t.key, body: object{"device_id": deviceID, "cursor": cursor}})
	require.Equal(t, http.StatusOK, got.status, "%s", got.body)
	return got.json(t)["feed"].(object)
}

// pushUnit pushes a new unit from a cursor, as a document or as a line.
func (t till) pushUnit(cursor string, line bool) answer {
	t.Helper()
	unit := change("unit", uuid.NewString(), object{"name": "kg"})
	if line {
		content, err := json.Marshal(unit)
		require.NoError(t, err)
		return t.push(content, map[string]string{
			"Content-Type": "application/x-ndjson", "Device-Id": deviceID, "Feed-Cursor": cursor})
	}
	return t.push(object{"device_id": deviceID, "cursor": cursor, "changes": []object{unit}}, nil)
}

func TestADeviceLearnsThatAnOlderBackupWasRestored(t *testing.T) {
	device := newTill(t)
	first := device.pushUnit("", false)
	require.Equal(t, http.StatusOK, first.status, "%s", first.body)
	kept := first.json(t)["cursor"].(string)
	require.Equal(t, true, device.feed(kept)["continues"])
	require.Equal(t, kept, device.feed("")["cursor"])
	require.Equal(t, false, device.feed("of another kind")["continues"])
	second := device.pushUnit(kept, true)
	require.Equal(t, http.StatusOK, second.status, "%s", second.body)
	lost := second.json(t)["cursor"].(string)

	for _, statement := range []string{ // as the backup was, taken after the first push
		"DELETE FROM records WHERE seq > 1", "DELETE FROM feed_marks WHERE seq > 1",
		"UPDATE feeds SET head = 1, mark = (SELECT mark FROM feed_marks m WHERE m.organization_id = feeds.organization_id) WHERE head = 2",
	} {
		dbtest.Exec(t, device.dsn, statement)
	}
	require.Equal(t, http.StatusOK, device.pushUnit(kept, false).status, "nothing after the backup was known")
	feed := device.feed(lost)
	require.Equal(t, false, feed["continues"])
	for _, line := range []bool{false, true} {
		got := device.pushUnit(lost, line)
		require.Equal(t, http.StatusGone, got.status, "%s", got.body)
		require.Equal(t, "cursor_expired", got.json(t)["code"])
	}
	got := device.call(request{method: "GET", path: "/api/v1/sync/changes?cursor=" + lost, token: device.key})
	require.Equal(t, http.StatusGone, got.status, "%s", got.body)
	require.Len(t, device.stored(), 2)
	require.Equal(t, http.StatusOK, device.pushUnit(feed["cursor"].(string), true).status)
}
