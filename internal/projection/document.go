package projection

import (
	"github.com/shopspring/decimal"

	"github.com/interpos/cabinet/internal/record"
)

const (
	statusClosed = "closed"
	typeRefund   = "refund"
	kindReceipt  = "receipt"
)

func projectDocument(s source, calendar Calendar) (*document, error) {
	at, ok := timeOf(s.data, "occurred_at")
	if !ok {
		return nil, missing(s, "occurred_at")
	}
	d := &document{
		number: textOf(s.data, "number"), occurredAt: at, day: calendar.Day(at),
		outlet:       idOf(s.data, "outlet_id"),
		employee:     firstID(s.data, "employee_id", "waiter_id", "opened_by"),
		counterparty: firstID(s.data, "customer_id", "supplier_id"),
		shift:        idOf(s.data, "shift_id"), refundOf: idOf(s.data, "refund_of_id"),
		status: textOf(s.data, "status"), kindType: textOf(s.data, "type"),
		total: documentTotal(s.data),
	}
	if s.kind == kindReceipt && d.status == "" {
		d.status = statusClosed
	}
	d.search = Searchable(d.number, textOf(s.data, "fiscal_number"), textOf(s.data, "supplier_number"), textOf(s.data, "note"))
	return d, nil
}

// documentTotal is the document's own total, else what its lines cost: nothing
// where neither is given.
func documentTotal(data record.Value) decimal.NullDecimal {
	if total := nullableNumber(data, "total"); total.Valid {
		return total
	}
	var sum decimal.NullDecimal
	for line := range elements(data, "lines") {
		if cost := nullableNumber(line, "cost"); cost.Valid {
			sum = decimal.NewNullDecimal(sum.Decimal.Add(cost.Decimal))
		}
	}
	return sum
}
