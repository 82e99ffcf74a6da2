package venue

import (
	"fmt"
	"time"
)

// insertReceipt writes a sale or a refund into its shift.
func (b *book) insertReceipt(s *shop, r *sale) {
	kind, state := "sale", "closed"
	var base, fiscal any
	if r.refundOf != nil {
		kind, base = "refund", r.refundOf.id
	}
	if r.cancelled != "" {
		state = "cancelled"
	} else {
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
	r.id = b.insertNew("checks", b.nextNumber("checks", s.outlet), s.id, b.insertShift(s, r.closed), kind, base, r.opened, r.closed,
		hall, table, null(r.guests), guestID, r.cashier.id, waiter, source, r.discount, r.vat, r.tip, r.rounding, r.total,
		fiscal, state, null(r.cancelled), r.closed)
	for i := range r.lines {
		b.insertLine(r.id, &r.lines[i])
	}
	for _, p := range r.payments {
		b.insertNew("check_payments", r.id, p.kind.id, p.amount, r.closed)
	}
}

func (b *book) insertLine(receipt int, l *line) {
	id := b.insertNew("check_lines", receipt, l.item.id, l.item.title, l.quantity, l.item.price, l.discount, l.total, vatRate, l.vat, l.cost)
	for _, extra := range l.extras {
		b.insertNew("check_line_extras", id, extra.id, extra.title, l.quantity, extra.price)
	}
}

// lastSaleTime is when the latest receipt was closed; zero if there is none.
func (b *book) lastSaleTime() time.Time {
	if b.queryNumber("SELECT count(*) FROM checks") == 0 || b.err != nil {
		return time.Time{}
	}
	var text string
	if b.err = b.tx.QueryRowContext(b.ctx, "SELECT closed_at FROM checks ORDER BY id DESC LIMIT 1").Scan(&text); b.err != nil {
		return time.Time{}
	}
	var at time.Time
	at, b.err = time.Parse(time.RFC3339, text)
	return at
}
