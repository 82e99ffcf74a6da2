package record

import (
	"maps"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
)

func deliveryOrder(changes object) object {
	data := object{
		"number": "D-17", "status": "new", "type": "courier", "placed_at": "2026-05-25T23:30:00+03:00", "phone": "+7 912 345-67-89",
		"total": num("480"), "lines": []object{
			{"id": someID, "product_id": someID, "name": "Капучино", "quantity": num("2"), "price": num("250"), "discount": num("20"), "total": num("480")}},
	}
	maps.Copy(data, changes)
	return data
}

func TestAGoodDeliveryOrderPasses(t *testing.T) {
	for name, changes := range map[string]object{
		"as it is placed": nil,
		"with everything": {
			"promised_at": "2026-05-26T00:30:00+03:00", "customer_id": someID, "customer_name": "Мария", "address": "Лесная, 5", "outlet_id": someID,
			"courier_id": someID, "operator_id": someID, "note": "Домофон 12", "employee_id": someID, "occurred_at": "2026-05-25T23:30:00+03:00",
			"payments": []object{{"payment_type_id": someID, "amount": num("100")}}, "accepted_at": "2026-05-25T23:32:00+03:00"},
		"discounted":        {"discount_total": num("30"), "total": num("450")},
		"picked up":         {"type": "pickup", "status": "ready"},
		"without its time":  {"status": "delivered"},
		"cancelled, unpaid": {"status": "cancelled", "cancel_reason": "Передумали", "cancelled_at": "2026-05-25T23:40:00+03:00"},
	} {
		t.Run(name, func(t *testing.T) { require.Empty(t, remarksOf(t, "delivery_order", deliveryOrder(changes))) })
	}
}

func TestEachFaultOfADeliveryOrderHasItsCode(t *testing.T) {
	for name, test := range map[string]struct {
		change object
		want   []string
	}{
		"required": {object{"number": nil, "status": nil, "placed_at": nil, "type": nil, "phone": "", "lines": nil, "total": nil},
			[]string{"placed_at: required", "status: required", "total: required", "type: required"}},
		"types": {object{"status": "lost", "type": "drone", "delivered_at": "soon", "promised_at": 5, "courier_id": "Pete", "payments": object{}},
			[]string{"courier_id: uuid", "delivered_at: time", "payments: invalid", "promised_at: time", "status: invalid"}},
		"pickup on its way": {object{"type": "pickup", "status": "on_way"}, []string{"status: pickup_on_way"}},
	} {
		t.Run(name, func(t *testing.T) {
			require.ElementsMatch(t, test.want, check(t, "delivery_order", deliveryOrder(test.change)))
		})
	}
}

func TestADeliveryOrderIsRemarkedAsTheReceiptThatItBecomes(t *testing.T) {
	require.Equal(t, []string{"total: total_mismatch 480, 500"}, remarksOf(t, "delivery_order", deliveryOrder(object{"total": num("500")})))
	line := []object{{"name": "x", "quantity": num("1"), "price": num("5"), "total": num("480")}}
	require.Equal(t, []string{"lines[0].total: line_total_mismatch 5, 480"}, remarksOf(t, "delivery_order", deliveryOrder(object{"lines": line})))
	require.Equal(t, []string{"type: unknown_word courier, pickup, drone"}, remarksOf(t, "delivery_order", deliveryOrder(object{"type": "drone"})))
}

// Every step from every status: forward, also over statuses; cancelled from any
// before delivered; nothing else.
func TestAnOrdersStatusGoesForwardOnly(t *testing.T) {
	kind, _ := Find("delivery_order")
	all := append(slices.Clone(OrderStatuses), "cancelled")
	for i, from := range all {
		for j, to := range all {
			want := ""
			switch {
			case from == to:
			case to == "cancelled" && i >= slices.Index(all, "delivered"):
				want = "cancelled_too_late"
			case from == "cancelled" || j < i:
				want = "status_taken_back"
			}
			code := ""
			before, after := valueOf(t, deliveryOrder(object{"status": from})), valueOf(t, deliveryOrder(object{"status": to}))
			if faults := kind.CheckStep(before, after); len(faults) > 0 {
				require.Equal(t, "status", faults[0].Field)
				code = faults[0].Code
			}
			require.Equal(t, want, code, "%s → %s", from, to)
		}
	}
	unit, _ := Find("unit")
	require.Empty(t, unit.CheckStep(valueOf(t, object{"name": "kg"}), valueOf(t, object{"name": "l"})), "other kinds have no steps")
}

func TestAnOrderCountsOnTheDayItWasPlaced(t *testing.T) {
	kind, _ := Find("delivery_order")
	require.Equal(t, "2026-05-25", kind.Bucket([16]byte{1}, false, valueOf(t, deliveryOrder(nil))))
	require.Equal(t, "2026-05-26", kind.Bucket([16]byte{1}, false, valueOf(t, deliveryOrder(object{"occurred_at": "2026-05-26T03:00:00+03:00"}))))
}
