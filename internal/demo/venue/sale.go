package venue

import (
	"math/rand/v2"
	"strconv"
	"time"
)

const (
	vatRate        = 5 // percent, included in prices but for those of offices
	servicePercent = 10
)

// sale is one receipt, or the refund of one.
type sale struct {
	id             int // once it is written
	outlet         *outlet
	refundOf       *sale
	cancelled      string // the reason; empty: it is not
	apart          unusual
	opened, closed time.Time // closed is zero while the guests sit
	table          string    // empty: not in the hall
	guests         int
	guest          *guest
	cashier        *person
	waiter         *person
	lines          []line
	payments       []payment
	discount       money
	vat            money
	service        money
	tip            money
	rounding       money
	total          money
}

type line struct {
	item     *item
	quantity amount
	discount money
	total    money
	vat      money
	cost     money
	extras   []*item // one of each for the line
}

type payment struct {
	kind   paymentType
	amount money
}

// shop sells at one outlet.
type shop struct {
	*outlet
	menu   *menu
	guests []*guest
	carts  [3][]float64 // weights of menu.sold by the part of the day
}

func newShop(o *outlet, m *menu, guests []*guest) *shop {
	s := &shop{outlet: o, menu: m, guests: guests}
	for part := range s.carts {
		for _, i := range m.sold {
			weight := i.weights[part]
			if taste, ok := o.taste[i.group.title]; ok {
				weight *= taste
			}
			s.carts[part] = append(s.carts[part], weight)
		}
	}
	return s
}

// makeSale makes the receipt that is closed at a moment.
func (s *shop) makeSale(rng *rand.Rand, closed time.Time) *sale {
	r := &sale{outlet: s.outlet, closed: closed, guests: 1, cashier: s.onDuty(closed)}
	r.opened = closed.Add(-time.Duration(40+rng.IntN(200)) * time.Second)
	if rng.Float64() < s.hall {
		s.seatGuests(rng, r)
	}
	if rng.Float64() < 0.16 {
		r.guest = pick(rng, s.guests)
	}
	for range s.howMany(rng, r) {
		s.addLine(rng, r)
	}
	s.makeUnusual(rng, r)
	s.applyDiscounts(rng, r)
	r.addUp()
	if !r.settle(rng) {
		s.takePayment(rng, r)
	}
	if rng.Float64() < 0.008 {
		r.cancelled = pick(rng, []string{"Ошибка кассира", "Гость передумал", "Задвоен заказ", "Нет блюда в наличии"})
		r.payments, r.total, r.tip = nil, r.total-r.tip, 0
	}
	return r
}

// onDuty is the cashier of a day: two days on, two days off.
func (s *shop) onDuty(at time.Time) *person {
	day := at.YearDay() / 2 % 2
	late := 0
	if at.Hour() >= 15 {
		late = 1
	}
	return s.cashiers[day*2+late]
}

func (s *shop) seatGuests(rng *rand.Rand, r *sale) {
	r.table = strconv.Itoa(1 + rng.IntN(s.tables))
	r.guests = 1 + weightedChoice(rng, []float64{35, 45, 12, 8})
	r.opened = r.closed.Add(-time.Duration(12+rng.IntN(45)) * time.Minute)
	if len(s.waiters) > 0 {
		r.waiter = pick(rng, s.waiters)
	}
}

func (s *shop) howMany(rng *rand.Rand, r *sale) int {
	if r.table == "" {
		return 1 + weightedChoice(rng, []float64{46, 33, 14, 5, 2})
	}
	return r.guests + weightedChoice(rng, []float64{30, 38, 22, 10})
}

func (s *shop) addLine(rng *rand.Rand, r *sale) {
	part := 2
	switch hour := r.closed.Hour(); {
	case hour < 11:
		part = 0
	case hour < 16:
		part = 1
	}
	l := line{item: s.menu.sold[weightedChoice(rng, s.carts[part])], quantity: unit}
	switch {
	case l.item.unit == "кг":
		l.quantity = amount(30+rng.IntN(90)) * 5 // 150 to 595 g
	case rng.IntN(8) == 0:
		l.quantity = unit * amount(2+rng.IntN(2))
	}
	if title := l.item.group.title; title == "Кофе" || title == "Холодные напитки" || title == "Чай и матча" {
		s.addExtras(rng, &l)
	}
	r.lines = append(r.lines, l)
}

func (s *shop) addExtras(rng *rand.Rand, l *line) {
	weights := make([]float64, len(s.menu.extras))
	for i, extra := range s.menu.extras {
		weights[i] = extra.weights[0]
	}
	for range weightedChoice(rng, []float64{70, 24, 6}) {
		at := weightedChoice(rng, weights)
		l.extras = append(l.extras, s.menu.extras[at])
		weights[at] = 0
	}
}

// applyDiscounts gives what the till gives: bakery in the last hour, a guest's
// card, a colleague.
func (s *shop) applyDiscounts(rng *rand.Rand, r *sale) {
	late := r.closed.Hour() >= s.closes-1
	for i := range r.lines {
		l := &r.lines[i]
		l.total = l.grossTotal()
		if r.apart == roundedLines {
			l.total = roundTo(int64(l.total), int64(rouble)) * rouble
		}
		if title := l.item.group.title; late && (title == "Выпечка" || title == "Хлеб") && l.item.unit == "шт" {
			l.discount = l.total.percentRounded(eveningDiscount)
			l.total -= l.discount
		}
		r.total += l.total
	}
	rate := int64(0)
	if r.apart == taxOnTop {
		r.guest = nil
	} else if r.guest != nil {
		rate = r.guest.discount
	} else if rng.Float64() < 0.012 {
		rate = staffDiscount
	}
	r.discount = r.total.percentRounded(rate)
	r.total = 0
}

// grossTotal is quantity × price with the extras, which are counted once for all of
// the line's units: a guest who takes two pays two.
func (l *line) grossTotal() money {
	sum := l.item.price.timesQuantity(l.quantity)
	for _, extra := range l.extras {
		sum += extra.price.timesQuantity(l.quantity)
	}
	return sum
}

// addUp completes the receipt's sums and its lines' taxes and costs.
func (r *sale) addUp() {
	sum := money(0)
	for i := range r.lines {
		sum += r.lines[i].total
	}
	for i := range r.lines {
		l := &r.lines[i]
		if r.apart == taxOnTop {
			l.vat = l.total.percentRounded(vatRate)
			l.total += l.vat
			sum += l.vat
		} else {
			l.vat = (l.total - r.discount.shareOf(l.total, sum)).includedTax(vatRate)
		}
		l.cost = l.item.cost.timesQuantity(l.quantity)
		for _, extra := range l.extras {
			l.cost += extra.cost.timesQuantity(l.quantity)
		}
		r.vat += l.vat
	}
	if r.apart == serviced {
		r.service = sum.percentRounded(servicePercent)
	}
	r.total = sum - r.discount + r.service
}

// takePayment settles the total. Cash drops the kopecks, a waiter's guests leave tips.
func (s *shop) takePayment(rng *rand.Rand, r *sale) {
	kind := []paymentType{card, cash, fast}[weightedChoice(rng, []float64{59, 21, 20})]
	if kind == cash {
		r.rounding = -(r.total % rouble)
		r.total += r.rounding
	}
	if r.waiter != nil && kind == card && rng.Float64() < 0.22 {
		r.tip = max(r.total.percentRounded(int64(5+rng.IntN(6)))/(10*rouble)*(10*rouble), 20*rouble)
		r.total += r.tip
	}
	rest := r.total
	switch {
	case r.guest != nil && rng.Float64() < 0.2:
		rest -= r.addPayment(bonus, min(r.guest.bonus, rest/3/rouble*rouble))
	case rng.Float64() < 0.006:
		rest -= r.addPayment(certificate, min(1000*rouble, rest/rouble*rouble))
	case len(r.lines) > 3 && rng.Float64() < 0.06:
		rest -= r.addPayment(fast, rest/2/rouble*rouble)
	}
	r.addPayment(kind, rest)
}

func (r *sale) addPayment(kind paymentType, amount money) money {
	if amount != 0 {
		r.payments = append(r.payments, payment{kind, amount})
	}
	return amount
}
