package venue

import (
	"fmt"
	"math/rand/v2"
	"time"
)

// usage is what an outlet used up of what is bought, day by day.
type usage map[time.Time]map[*item]amount

// addSale counts what a receipt used up. What was refunded is not sold again.
func (u usage) addSale(r *sale) {
	if r.cancelled != "" || r.refundOf != nil {
		return
	}
	day := startOfDay(r.closed)
	if u[day] == nil {
		u[day] = map[*item]amount{}
	}
	for _, l := range r.lines {
		if l.item.id == 0 || l.quantity < 0 {
			continue // not of the stock, or back in it
		}
		l.item.addIngredients(l.quantity, u[day])
		for _, extra := range l.extras {
			extra.addIngredients(l.quantity, u[day])
		}
	}
}

// deliversOn says on which days of the week a supplier comes.
func deliversOn(supplier int, day time.Weekday) bool {
	switch supplier {
	case 2:
		return day == time.Monday || day == time.Wednesday || day == time.Friday
	case 4, 5:
		return day == time.Tuesday || day == time.Friday
	case 6:
		return day == time.Thursday
	}
	return day == time.Tuesday
}

// buyer keeps an outlet in stock.
type buyer struct {
	*shop
	used  usage
	left  map[*item]amount
	known time.Time // usage is complete before this day
}

// insertDeliveries writes the purchases of a day: what is needed until the supplier
// comes again, a little more, in whole packs.
func (b *book) insertDeliveries(s *buyer, seed int64, day, after, now time.Time, first bool) {
	rng := seededRandom(seed, "purchases"+s.title, day)
	for supplier := 1; supplier <= len(suppliers); supplier++ {
		at := s.atHour(day, s.opens).Add(-time.Duration(10+rng.IntN(50)) * time.Minute)
		number := fmt.Sprintf("%s-%d", suppliers[supplier-1].code, 1000+rng.IntN(9000))
		if !first && !deliversOn(supplier, day.Weekday()) || at.After(now) || !at.After(after) {
			continue
		}
		b.insertInvoice(s, rng, supplier, number, at)
	}
}

func (b *book) insertInvoice(s *buyer, rng *rand.Rand, supplier int, number string, at time.Time) {
	type bought struct {
		item     *item
		quantity amount
		price    money
	}
	var lines []bought
	total := money(0)
	for _, i := range s.menu.items {
		if i.supplier != supplier {
			continue
		}
		price := (i.cost * money(970+rng.IntN(61)) / 1000) / kopeck * kopeck
		need := s.quantityNeeded(i, startOfDay(at)) - s.left[i]
		if need <= 0 {
			continue
		}
		quantity := (need + i.pack - 1) / i.pack * i.pack
		s.left[i] += quantity
		lines = append(lines, bought{i, quantity, price})
		total += price.timesQuantity(quantity)
	}
	if len(lines) == 0 {
		return
	}
	id := b.insertNew("invoices", b.nextNumber("invoices", s.outlet), at, s.id, s.id, supplier, number,
		at.AddDate(0, 0, 14).Format(time.DateOnly), s.manager.id, total, b.mark(at))
	for _, l := range lines {
		sum := l.price.timesQuantity(l.quantity)
		b.insertNew("invoice_lines", id, l.item.id, l.quantity, l.price, sum, sum.includedTax(10))
	}
}

// quantityNeeded is what is used until the supplier's next visit, with a reserve. Days
// that are not over yet count like those a week before.
func (s *buyer) quantityNeeded(i *item, from time.Time) amount {
	sum := amount(0)
	for day := from; day.Equal(from) || !deliversOn(i.supplier, day.Weekday()); day = day.AddDate(0, 0, 1) {
		known := day
		for !known.Before(s.known) {
			known = known.AddDate(0, 0, -7)
		}
		sum += s.used[known][i]
	}
	return sum * 107 / 100
}

// consumeDay takes a day's usage out of the stock.
func (s *buyer) consumeDay(day time.Time) {
	for i, quantity := range s.used[day] {
		s.left[i] -= quantity
	}
}

// insertWaste writes off what a day left over.
func (b *book) insertWaste(s *buyer, seed int64, day, after, now time.Time) {
	rng := seededRandom(seed, "waste"+s.title, day)
	closing := s.atHour(day, s.closes).Add(10 * time.Minute)
	if closing.After(now) || !closing.After(after) {
		return
	}
	b.writeOff(s, rng, closing, 1, "Остатки витрины", 2+rng.IntN(5), func(i *item) bool {
		return i.kind == "dish" && i.unit == "шт" || i.group.title == "Десерты"
	})
	switch rng.IntN(9) {
	case 0:
		b.writeOff(s, rng, closing, 2, "", 1+rng.IntN(2), func(i *item) bool { return i.supplier == 2 || i.supplier == 4 })
	case 1:
		b.writeOff(s, rng, closing, 3, "Разбито при разгрузке", 1, func(i *item) bool { return i.kind == "goods" })
	case 2:
		b.writeOff(s, rng, closing, 5, "", 2+rng.IntN(3), func(i *item) bool { return i.group.title == "Еда" })
	}
}

func (b *book) writeOff(s *buyer, rng *rand.Rand, at time.Time, reason int, note string, count int, fits func(*item) bool) {
	var able []*item
	for _, i := range s.menu.items {
		if fits(i) {
			able = append(able, i)
		}
	}
	id := b.insertNew("write_offs", b.nextNumber("write_offs", s.outlet), at, s.id, s.id, reason, s.manager.id, null(note), b.mark(at))
	for _, n := range rng.Perm(len(able))[:min(count, len(able))] {
		quantity := unit * amount(1+rng.IntN(3))
		if able[n].unit == "кг" || able[n].unit == "л" {
			quantity = amount(1+rng.IntN(12)) * 100
		}
		b.insertNew("write_off_lines", id, able[n].id, quantity, able[n].cost.timesQuantity(quantity))
	}
}
