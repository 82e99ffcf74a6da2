package api_test

import (
	"encoding/json"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"
)

// versions reads a history whose numbers stay the texts that were sent.
func (v *venue) versions(path string) (history object, versions []object) {
	v.Helper()
	history = v.get(path).exact(v)
	for _, item := range history["items"].([]any) {
		versions = append(versions, item.(object))
	}
	return history, versions
}

func (v *venue) pushLater(kind, id string, more object) {
	v.Helper()
	later := object{"kind": kind, "id": id, "modified_at": "2026-05-26T10:00:00+03:00"}
	for name, value := range more {
		later[name] = value
	}
	got := v.call(request{method: "POST", path: "/api/v1/sync/push", token: v.key, body: object{"device_id": deviceID, "changes": []object{later}}})
	require.Equal(v, "applied", got.json(v)["results"].([]any)[0].(object)["status"], "%s", got.body)
}

func TestAChangedReceiptShowsWhatWasChangedDigitByDigit(t *testing.T) {
	v := newVenue(t)
	got := v.get("/documents/receipt/" + receiptID).exact(t)
	data := got["data"].(object)
	line := data["lines"].([]any)[0].(object)
	line["quantity"], line["discount"], line["total"] = json.Number("0.233"), json.Number("0.38"), json.Number("302.5")
	data["total"] = json.Number("302.50")
	data["payments"].([]any)[0].(object)["amount"] = json.Number("302.5")
	delete(data, "customer_id")
	v.pushLater("receipt", receiptID, object{"data": data})

	history, versions := v.versions("/documents/receipt/" + receiptID + "/history")
	require.Len(t, versions, 2)
	require.Equal(t, []any{
		object{"field": "lines[0].discount", "change": "changed", "before": json.Number("2.87"), "after": json.Number("0.38")},
		object{"field": "lines[0].quantity", "change": "changed", "before": json.Number("0.333"), "after": json.Number("0.233")},
		object{"field": "lines[0].total", "change": "changed", "before": json.Number("430"), "after": json.Number("302.5")},
		object{"field": "payments[0].amount", "change": "changed", "before": json.Number("430"), "after": json.Number("302.5")},
		object{"field": "total", "change": "changed", "before": json.Number("430"), "after": json.Number("302.5")},
		object{"field": "customer_id", "change": "removed", "before": customerID},
	}, versions[0]["differences"])
	require.Equal(t, "Ёлкина Мария", history["references"].(object)[customerID], "the name of what is no longer in the data")
	require.Equal(t, "created", versions[1]["event"])
	require.Regexp(t, "^[0-9a-f]{64}$", versions[1]["chain"])
	require.NotContains(t, history, "next_cursor")
	require.Equal(t, json.Number("0"), history["removed_up_to"])

	first, page := v.versions("/documents/receipt/" + receiptID + "/history?limit=1")
	require.Equal(t, versions[:1], page)
	last, page := v.versions("/documents/receipt/" + receiptID + "/history?limit=1&cursor=" + first["next_cursor"].(string))
	require.Equal(t, versions[1:], page)
	require.NotContains(t, last, "next_cursor")
}

func TestADeletedRecordStillHasItsHistory(t *testing.T) {
	v := newVenue(t)
	v.pushLater("customer", customerID, object{"deleted": true})
	_, versions := v.versions("/directories/customer/" + customerID + "/history")
	require.Len(t, versions, 2)
	require.Equal(t, "deleted", versions[0]["event"])
	require.Equal(t, true, versions[0]["deleted"])
	require.Equal(t, "Ёлкина Мария", versions[1]["data"].(object)["name"])
}

func TestTheHistoryOfWhatIsNotThereIsNotFound(t *testing.T) {
	v := newVenue(t)
	stranger := v.user("stranger")
	theirs, _ := v.organization(stranger)
	for name, r := range map[string]request{
		"nothing":              {path: v.path + "/documents/receipt/" + outletID + "/history", token: v.token},
		"no id":                {path: v.path + "/documents/receipt/17/history", token: v.token, wrong: true},
		"a directory":          {path: v.path + "/documents/product/" + productID + "/history", token: v.token},
		"a document":           {path: v.path + "/directories/receipt/" + receiptID + "/history", token: v.token},
		"another organization": {path: "/api/v1/organizations/" + theirs + "/documents/receipt/" + receiptID + "/history", token: stranger},
		"by a stranger":        {path: v.path + "/documents/receipt/" + receiptID + "/history", token: stranger},
	} {
		r.method = "GET"
		got := v.call(r)
		require.Equal(t, http.StatusNotFound, got.status, "%s: %s", name, got.body)
		require.Equal(t, "not_found", got.code(t), name)
	}
}
