package venue

import (
	"math/rand/v2"
	"time"
)

// refundSale takes a sale back some minutes later: whole, or one line of it. It is
// nil where a till would not.
func (s *shop) refundSale(rng *rand.Rand, of *sale) *sale {
	if of.cancelled != "" || of.refundOf != nil || of.apart != usual || len(of.payments) != 1 {
		return nil
	}
	r := &sale{
		outlet: of.outlet, refundOf: of, guest: of.guest, cashier: of.cashier,
		closed: of.closed.Add(time.Duration(2+rng.IntN(25)) * time.Minute),
	}
	r.opened = r.closed.Add(-30 * time.Second)
	sum := of.total - of.tip - of.rounding + of.discount
	if len(of.lines) > 1 && rng.IntN(3) > 0 {
		only := pick(rng, of.lines)
		r.lines = []line{only}
		r.discount = of.discount.shareOf(only.total, sum)
	} else {
		r.lines = append(r.lines, of.lines...)
		r.discount = of.discount
	}
	r.addUp()
	kind := of.payments[0].kind
	if kind == cash {
		r.rounding = -(r.total % rouble)
		r.total += r.rounding
	}
	r.addPayment(kind, r.total)
	return r
}

// salesOfDay makes all receipts of a day, in the order in which they are closed.
func (s *shop) salesOfDay(seed int64, day time.Time) []*sale {
	rng := seededRandom(seed, "sales"+s.title, day)
	var sales []*sale
	for _, moment := range s.saleMoments(seed, day) {
		one := s.makeSale(rng, moment)
		sales = append(sales, one)
		if rng.Float64() < 0.007 {
			if back := s.refundSale(rng, one); back != nil && back.closed.Before(s.atHour(day, s.closes)) {
				sales = append(sales, back)
			}
		}
	}
	return sales
}
