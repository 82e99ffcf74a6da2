package api_test

import (
	"encoding/json"
	"math/rand/v2"
	"net/http"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
)

// babble is a text that does not compress: an index must hold it as it is.
func babble(characters int) string {
	rng, text := rand.New(rand.NewPCG(1, 2)), make([]rune, characters)
	for i := range text {
		text[i] = rune(0x4e00 + rng.IntN(20_000))
	}
	return string(text)
}

// Whatever the rules take finds its way into lists, cards and reports, however odd it is:
// nothing of it may hold up what comes behind it.
func TestWhateverTheRulesTakeIsShown(t *testing.T) {
	v := newVenue(t)
	long, none := babble(40_000), uuid.Nil.String()
	number := func(text string) json.Number { return json.Number(text) }
	entry := func(kind string, changes object) object {
		data := object{"name": long, "code": long[:10_000], "barcodes": []string{long[:2000]}, "type": strings.Repeat("x", 3000), "group_id": none, "value": 1, "mode": "?",
			"phone": long[:3000], "price": number("-0.123456789012345")}
		for name, value := range changes {
			data[name] = value
		}
		return change(kind, uuid.NewString(), data)
	}
	document := func(kind string, changes object) object {
		data := object{"number": long, "occurred_at": "2026-05-25T12:00:00+03:00", "placed_at": "1900-01-02T00:00:00Z", "status": strings.Repeat("s", 3000),
			"note": long[:3000], "outlet_id": none, "employee_id": none, "warehouse_id": none, "type": "sale", "total": number("-99999999999"),
			"lines": []object{{"total": 1, "product_id": none, "quantity": number("1e-20"), "cost": -1}}}
		for name, value := range changes {
			data[name] = value
		}
		return change(kind, uuid.NewString(), data)
	}
	stock := []object{{"product_id": none, "quantity": -1, "expected": number("-1e8"), "counted": -1, "cost": number("-1e10")}}
	changes := []object{
		entry("unit", nil), entry("product", nil), entry("product", object{"name": nil, "type": "", "components": []object{{"product_id": none, "quantity": -1}}}),
		entry("customer", object{"birthday": "0001-01-01", "discount_percent": -1}), entry("discount", nil), entry("payment_type", nil),
		entry("hall", object{"tables": []object{{}, {"name": long[:3000]}}}),
		document("cash_shift", object{"movements": []object{{"amount": -1, "direction": "sideways"}}}),
		document("receipt", nil), document("receipt", object{"status": nil, "lines": nil, "payments": nil, "number": nil}),
		document("receipt", object{"status": "closed", "guests": -999_999_999, "tip": number("0.00000000000000000001"), "occurred_at": "9998-12-30T23:59:59-12:00"}),
		document("receipt", object{"status": "closed", "total": 1, "lines": []object{{"total": 1, "name": long[:30_000]}, {"total": 0}},
			"payments": []object{{"amount": 1}, {"amount": number("-0.00001"), "payment_type_id": none}}}),
		document("receipt", object{"type": "refund", "refund_of_id": none, "shift_id": none, "customer_id": none, "payments": []object{}}),
		document("purchase", object{"supplier_id": none}), document("write_off", object{"lines": stock}), document("stocktake", object{"lines": stock}),
		document("transfer", object{"from_warehouse_id": none, "to_warehouse_id": none, "lines": stock}), document("production", object{"lines": stock}),
	}
	device := till{v.world, v.key}
	for i, result := range device.results(changes...) {
		require.Equal(t, "applied", result["status"], "%v of %v", result, changes[i]["kind"])
	}
	device.results(change("unit", unitID, object{"name": "behind them all"}))
	require.Len(t, v.get("/directories/unit?q=behind").exact(t)["items"], 1, "what comes behind is not held up")
	for _, sent := range changes {
		kind, id := sent["kind"].(string), sent["id"].(string)
		path := "/directories/" + kind
		if _, dated := sent["data"].(object)["occurred_at"]; dated {
			path = "/documents/" + kind
		}
		for _, address := range []string{path + "/" + id, path, path + "?format=xlsx", path + "?format=csv"} {
			got := v.get(address)
			require.Equal(t, http.StatusOK, got.status, "%s: %.300s", address, got.body)
			if address == path {
				require.Contains(t, string(got.body), id)
			}
		}
	}
	for _, address := range []string{"/reports/sales-by-day", "/reports/sales-by-hour", "/reports/sales-by-product"} {
		got := v.get(address + "?from=2026-05-25&to=2026-05-25")
		require.Equal(t, http.StatusOK, got.status, "%s: %.300s", address, got.body)
	}
}
