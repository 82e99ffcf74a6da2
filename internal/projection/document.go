package projection

import (
	"github.com/google/uuid"
	"github.com/shopspring/decimal"

	"github.com/interpos/cabinet/internal/canonical"
	"github.com/interpos/cabinet/internal/record"
)

const (
	statusClosed = "closed"
	typeSale     = "sale"
	typeRefund   = "refund"
	kindReceipt  = "receipt"
)

func projectDocument(kind *record.Kind, s source, calendar Calendar) (*document, error) {
	at, ok := record.OccurredAt(s.data)
	if !ok {
		return nil, missingField(s, "occurred_at")
	}
	id := func(column string) uuid.NullUUID { return idIn(kind, s.data, column) }
	d := &document{
		number: textIn(kind, s.data, "number"), occurredAt: at, day: calendar.Day(at),
		outlet: id("outlet_id"), employee: id("employee_id"), counterparty: id("counterparty_id"),
		warehouse: id("warehouse_id"), toWarehouse: id("to_warehouse_id"), shift: id("shift_id"), refundOf: id("refund_of_id"),
		status: textIn(kind, s.data, "status"), kindType: textIn(kind, s.data, "type"), customerName: textIn(kind, s.data, "customer_name"),
		placedAt: timeIn(kind, s.data, "placed_at"), promisedAt: timeIn(kind, s.data, "promised_at"), deliveredAt: timeIn(kind, s.data, "delivered_at"),
		total: documentTotal(s.data), search: searchableIn(kind, s.data),
	}
	if s.kind == kindReceipt && d.status == "" {
		d.status = statusClosed
	}
	return d, nil
}

// isCounted says whether a receipt counts in the measures. A word that is not known says
// nothing of what happened: such a receipt is shown, and not counted.
func (d *document) isCounted() bool {
	return d.status == statusClosed && (d.kindType == typeSale || d.kindType == typeRefund)
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
