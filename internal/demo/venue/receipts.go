package venue

import (
	"fmt"
	"time"
)

// insertReceipt writes a sale or a refund into its shift.
func (b *book) insertReceipt(s *shop, r *sale) {
	kind, state, at := "sale", "closed", r.closed
	var base, fiscal, closed any
	if r.refundOf != nil {
		kind, base = "refund", r.refundOf.id
	}
	if r.closed.IsZero() {
		state, at = "open", r.opened
	} else {
		closed = r.closed
	}
	switch {
	case r.cancelled != "":
		state = "cancelled"
	case state == "closed":
		fiscal = fmt.Sprintf("%010d", 100_000_000*s.id+b.next["checks"]+1)
	}
	var hall, table, guestID, waiter any
	source := "counter"
	if r.table != "" {
		hall, table, source = s.id, r.table, "hall"
	}
	if r.guest != nil {
		guestID = r.guest.id
	}
	if r.waiter != nil {
		waiter = r.waiter.id
	}
	r.id = b.insertNew("checks", b.nextNumber("checks", s.outlet), s.id, b.insertShift(s, at), kind, base, r.opened, closed,
		hall, table, null(r.guests), guestID, r.cashier.id, waiter, source, r.discount, r.vat, r.apart == taxOnTop, r.service, r.tip, r.rounding,
		r.total, fiscal, state, null(r.cancelled), b.mark(at))
	for i := range r.lines {
		b.insertLine(r.id, &r.lines[i])
	}
	for _, p := range r.payments {
		b.insertNew("check_payments", r.id, p.kind.id, p.amount, at)
	}
}

func (b *book) insertLine(receipt int, l *line) {
	id := b.insertNew("check_lines", receipt, null(l.item.id), l.item.title, l.quantity, l.item.price, l.discount, l.total, vatRate, l.vat, null(l.cost))
	for _, extra := range l.extras {
		b.insertNew("check_line_extras", id, extra.id, extra.title, l.quantity, extra.price)
	}
}

// lastSaleTime is when the latest receipt was closed; zero if there is none.
func (b *book) lastSaleTime() time.Time {
	return b.queryTime("SELECT closed_at FROM checks WHERE closed_at IS NOT NULL ORDER BY id DESC LIMIT 1")
}

// lastStockTime is when the latest purchase or write-off was made, or the latest receipt.
func (b *book) lastStockTime() time.Time {
	last := b.lastSaleTime()
	for _, table := range []string{"invoices", "write_offs"} {
		if at := b.queryTime("SELECT at FROM " + table + " ORDER BY datetime(at) DESC LIMIT 1"); at.After(last) {
			last = at
		}
	}
	return last
}
