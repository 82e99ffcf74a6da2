package projection

import (
	"github.com/shopspring/decimal"

	"github.com/interpos/cabinet/internal/canonical"
	"github.com/interpos/cabinet/internal/record"
)

const (
	statusClosed = "closed"
	typeRefund   = "refund"
	kindReceipt  = "receipt"

	kindDeliveryOrder = "delivery_order"
)

func projectDocument(s source, calendar Calendar) (*document, error) {
	at, ok := record.OccurredAt(s.data)
	if !ok {
		return nil, missingField(s, "occurred_at")
	}
	d := &document{
		number: textOf(s.data, "number"), occurredAt: at, day: calendar.Day(at),
		outlet:       idOf(s.data, "outlet_id"),
		employee:     firstID(s.data, "employee_id", "waiter_id", "opened_by"),
		counterparty: firstID(s.data, "customer_id", "supplier_id"),
		warehouse:    firstID(s.data, "warehouse_id", "from_warehouse_id"), toWarehouse: idOf(s.data, "to_warehouse_id"),
		shift: idOf(s.data, "shift_id"), refundOf: idOf(s.data, "refund_of_id"),
		status: textOf(s.data, "status"), kindType: textOf(s.data, "type"),
		total: documentTotal(s.data),
	}
	words := []string{d.number, textOf(s.data, "fiscal_number"), textOf(s.data, "supplier_number"), textOf(s.data, "note")}
	switch {
	case s.kind == kindReceipt && d.status == "":
		d.status = statusClosed
	case s.kind == kindDeliveryOrder:
		projectOrder(d, s.data)
		words = append(words, d.customerName, textOf(s.data, "phone"), textOf(s.data, "address"))
	}
	d.search = Searchable(words...)
	return d, nil
}

// projectOrder adds what only a delivery order has. Its employee is the courier.
func projectOrder(d *document, order canonical.Value) {
	d.employee, d.customerName = idOf(order, "courier_id"), textOf(order, "customer_name")
	d.placedAt, d.promisedAt, d.deliveredAt = nullableTime(order, "placed_at"), nullableTime(order, "promised_at"), nullableTime(order, "delivered_at")
}

// documentTotal is the document's own total, else what its lines cost: nothing
// where neither is given.
func documentTotal(data canonical.Value) decimal.NullDecimal {
	if total := nullableNumber(data, "total"); total.Valid {
		return total
	}
	var sum decimal.NullDecimal
	for line := range elementsOf(data, "lines") {
		if cost := nullableNumber(line, "cost"); cost.Valid {
			sum = decimal.NewNullDecimal(sum.Decimal.Add(cost.Decimal))
		}
	}
	return sum
}
