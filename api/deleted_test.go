package api_test

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// TestWhatIsDeletedKeepsItsName deletes all that the venue's receipts refer to.
func TestWhatIsDeletedKeepsItsName(t *testing.T) {
	v := newVenue(t)
	var deletions []object
	for kind, id := range map[string]string{"product": productID, "product_group": groupID, "outlet": outletID, "customer": customerID} {
		deletions = append(deletions, object{"kind": kind, "id": id, "modified_at": "2026-05-26T10:00:00Z", "deleted": true})
	}
	got := v.call(request{method: "POST", path: "/api/v1/sync/push", token: v.key, body: object{"device_id": deviceID, "changes": deletions}})
	for _, result := range got.json(t)["results"].([]any) {
		require.Equal(t, "applied", result.(object)["status"], "%s", got.body)
	}

	list := v.get("/documents/receipt").exact(t)
	require.Equal(t, "На набережной", list["references"].(object)[outletID])
	require.Equal(t, []any{outletID, customerID}, list["deleted_references"])
	card := v.get("/documents/receipt/" + receiptID).exact(t)
	require.Equal(t, "Сыр «Костромской»", card["references"].(object)[productID])
	require.Contains(t, card["deleted_references"], productID)
	require.Equal(t, true, v.get("/directories/product/" + productID).exact(t)["deleted"], "what a link leads to")
	require.Contains(t, v.get("/documents/receipt/" + receiptID + "/history").exact(t)["deleted_references"], outletID)

	require.Contains(t, string(v.get("/documents/receipt?format=csv").body), "На набережной (удалено)")
	require.Contains(t, string(v.get("/documents/receipt?format=csv&lang=en").body), "Ёлкина Мария (deleted)")
	row := v.get("/reports/sales-by-product" + period).exact(t)["rows"].([]any)[0].(object)
	require.Equal(t, []any{"Сыр «Костромской»", true, "Сыры", true}, []any{row["name"], row["deleted"], row["group_name"], row["group_deleted"]})
	file := readCSV(t, v.get("/reports/sales-by-product"+period+"&format=csv&lang=en").body)
	require.Equal(t, []string{"Сыр «Костромской» (deleted)", "Сыры (deleted)"}, file[1][:2])
	for _, kind := range []string{"product", "outlet", "customer"} {
		require.Empty(t, v.get("/directories/" + kind).exact(t)["items"], "no choice any more")
	}
}
