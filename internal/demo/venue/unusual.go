package venue

import (
	"math/rand/v2"
	"time"
)

// unusual is what sets a receipt apart from most.
type unusual int

const (
	usual        unusual = iota
	exchanged            // something is brought back for something else
	openItem             // something is sold that is not on the menu
	roundedLines         // the scales' till rounds lines to whole roubles
	serviced             // a table pays for service
	taxOnTop             // an office orders at prices without tax
	houseAccount         // given out, to be paid at the month's end
	cardChange           // paid by card, with change in cash
)

// unusualShares are how often receipts are what, in proportion.
var unusualShares = []float64{usual: 955, exchanged: 5, openItem: 12, roundedLines: 10, serviced: 8, taxOnTop: 3, houseAccount: 4, cardChange: 3}

// makeUnusual draws what sets a receipt apart, and does to its lines what that needs.
func (s *shop) makeUnusual(rng *rand.Rand, r *sale) {
	r.apart = unusual(weightedChoice(rng, unusualShares))
	switch r.apart {
	case exchanged:
		s.bringBack(rng, r)
	case openItem:
		one := pick(rng, []item{
			{title: "Свечи для торта", price: 120 * rouble}, {title: "Упаковка подарочная", price: 90 * rouble}, {title: "Надпись на торте", price: 250 * rouble},
		})
		one.group = &group{}
		r.lines = append(r.lines, line{item: &one, quantity: unit})
	case roundedLines:
		s.weigh(rng, r)
	case serviced:
		if r.table == "" || r.guests < 3 {
			r.apart = usual
		}
	}
}

// bringBack adds a line of what comes back: less than what is taken instead.
func (s *shop) bringBack(rng *rand.Rand, r *sale) {
	back := s.menu.sold[weightedChoice(rng, s.carts[1])]
	taken := money(0)
	for i := range r.lines {
		taken += r.lines[i].grossTotal()
	}
	if back.unit != "шт" || back.price >= taken/2 {
		r.apart = usual
		return
	}
	r.lines = append(r.lines, line{item: back, quantity: -unit})
}

// weigh adds a line that is weighed, of a quantity whose price has kopecks.
func (s *shop) weigh(rng *rand.Rand, r *sale) {
	for _, i := range rng.Perm(len(s.menu.sold)) {
		l := line{item: s.menu.sold[i], quantity: amount(30+rng.IntN(90))*5 + 3}
		if l.item.unit == "кг" && l.grossTotal()%rouble != 0 {
			r.lines = append(r.lines, l)
			return
		}
	}
}

// settle pays a receipt that is not paid as most are; false where it is.
func (r *sale) settle(rng *rand.Rand) bool {
	switch r.apart {
	case houseAccount:
		return true
	case cardChange:
		change := money(1+rng.IntN(5)) * 100 * rouble
		r.addPayment(card, r.total+change)
		r.addPayment(cash, -change)
		return true
	}
	return false
}

// insertOpenChecks writes the tables that still sit.
func (b *book) insertOpenChecks(w *world, seed int64, now time.Time) {
	for _, s := range w.shops {
		if s.hall == 0 || now.Hour() < s.opens || now.Hour() >= s.closes {
			continue
		}
		rng := seededRandom(seed, "open"+s.title, now)
		for range 1 + rng.IntN(2) {
			one := s.makeSale(rng, now)
			if one.cancelled != "" || one.apart != usual {
				continue
			}
			one.opened, one.closed = now.Add(-time.Duration(5+rng.IntN(25))*time.Minute), time.Time{}
			one.total -= one.tip + one.rounding
			one.payments, one.tip, one.rounding = nil, 0, 0
			b.insertReceipt(s, one)
		}
	}
}

// settleOpenChecks lets those pay who have sat long enough.
func (b *book) settleOpenChecks(now time.Time) {
	const sits = 45 * time.Minute
	type open struct {
		id     int
		closed time.Time
		total  money
	}
	var all []open
	for _, id := range b.queryNumbers("SELECT id FROM checks WHERE state = 'open' ORDER BY id") {
		opened := b.queryTime("SELECT opened_at FROM checks WHERE id = ?", id)
		if closed := opened.Add(sits); !closed.After(now) {
			all = append(all, open{id, closed, b.queryMoney("SELECT total FROM checks WHERE id = ?", id)})
		}
	}
	for _, one := range all {
		b.insertNew("check_payments", one.id, card.id, one.total, one.closed)
		b.execute("UPDATE checks SET state = 'closed', closed_at = ?, changed_at = ? WHERE id = ?", one.closed, b.mark(one.closed), one.id)
	}
}
