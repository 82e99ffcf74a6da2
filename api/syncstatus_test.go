package api_test

import (
	"encoding/json"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestPeopleSeeWhichDatabasesRecordsComeFrom has two databases, and a device that names none.
func TestPeopleSeeWhichDatabasesRecordsComeFrom(t *testing.T) {
	v := newVenue(t)
	require.Empty(t, v.get("/sync/sources").exact(t)["items"], "nobody has named a database")

	const other, nameless = "aaaaaaaa-0000-4000-8000-000000000001", "aaaaaaaa-0000-4000-8000-000000000002"
	send := func(path string, body object) {
		got := v.call(request{method: "POST", path: "/api/v1/sync/" + path, token: v.key, body: body})
		require.Contains(t, []int{http.StatusOK, http.StatusCreated}, got.status, "%s", got.body)
	}
	for device, name := range map[string]string{deviceID: "Till", other: "Office", nameless: "Script"} {
		send("hello", object{"device_id": device, "device_name": name, "local_time": "2026-05-25T20:03:14+03:00"})
	}
	send("sources", object{"device_id": deviceID, "name": "Lenina 5", "evidence": "receipt 17"})
	send("sources", object{"device_id": other, "name": "Mira 1"})
	deleted := change("unit", groupID, object{})
	deleted["deleted"] = true
	send("push", object{"device_id": other, "changes": []object{change("unit", unitID, object{"name": "kg"}), deleted}})
	send("push", object{"device_id": nameless, "changes": []object{change("customer", unitID, object{"name": "Maria"})}})

	answer := v.get("/sync/sources")
	require.NotContains(t, string(answer.body), "receipt 17", "what devices know a database by is theirs")
	sources := answer.exact(t)["items"].([]any)
	require.Len(t, sources, 2)
	shown := map[string][]any{}
	for _, item := range sources {
		source := item.(object)
		device := source["devices"].([]any)[0].(object)
		require.Equal(t, device["last_seen_at"], source["last_seen_at"])
		shown[source["name"].(string)+", "+device["name"].(string)] = source["kinds"].([]any)
	}
	kind := func(name, records string) object { return object{"kind": name, "records": json.Number(records)} }
	require.Equal(t, map[string][]any{
		"Lenina 5, Till": {kind("customer", "1"), kind("outlet", "1"), kind("product", "1"), kind("product_group", "1"), kind("receipt", "2")},
		"Mira 1, Office": {kind("unit", "1")},
	}, shown)
}
