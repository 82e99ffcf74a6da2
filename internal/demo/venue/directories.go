package venue

import (
	"fmt"
	"strconv"
	"time"
)

// world is what does not change from day to day.
type world struct {
	menu    *menu
	outlets []*outlet
	shops   []*shop
	staff   []*person
	guests  []*guest
}

// newWorld makes the chain; only is the one outlet that is written of it, 0 for all.
func newWorld(seed int64, outlets, only int) (*world, error) {
	m, err := theMenu()
	if err != nil {
		return nil, fmt.Errorf("the demo menu: %w", err)
	}
	w := &world{menu: m, outlets: outletsOfChain()[:outlets]}
	rng := seededRandom(seed, "people", time.Time{})
	w.staff = hireStaff(rng, w.outlets)
	w.guests = regularGuests(rng, 80*outlets)
	if only > 0 {
		w.outlets = w.outlets[only-1 : only]
		w.outlets[0].id = 1
	}
	for _, o := range w.outlets {
		w.shops = append(w.shops, newShop(o, m, w.guests))
	}
	return w, nil
}

// insertDirectories writes all reference rows, as of a time before the first sale.
func (b *book) insertDirectories(w *world, at time.Time) {
	unitIDs := map[string]int{}
	for _, u := range units {
		unitIDs[u.short] = b.insertNew("units", u.code, u.title, u.short, at)
	}
	for _, g := range w.menu.groups {
		b.insertNew("menu_groups", nil, g.title, g.id*10, g.color, at)
	}
	for _, i := range w.menu.items {
		b.insertItem(i, unitIDs[i.unit], at)
	}
	for _, o := range w.outlets {
		b.insertOutlet(o, at)
	}
	for _, p := range w.staff {
		b.insertNew("staff", fmt.Sprintf("%04d", p.id), p.name, p.position, p.phone, nil, p.fired, at)
	}
	for _, s := range suppliers {
		b.insertNew("partners", s.code, s.title, s.taxID, s.phone, s.email, s.address, at)
	}
	for _, g := range w.guests {
		b.insertNew("guests", g.name, g.phone, null(g.email), g.born.Format(time.DateOnly), g.card,
			strconv.FormatInt(g.discount, 10), g.bonus, null(g.note), at)
	}
	for _, t := range paymentTypes {
		b.insertNew("pay_types", t.title, t.kind, at)
	}
	for _, d := range discounts {
		b.insertNew("discounts", d.title, d.percent, at)
	}
	for _, reason := range wasteReasons {
		b.insertNew("waste_reasons", reason, at)
	}
}

func (b *book) insertItem(i *item, unitID int, at time.Time) {
	tracked := i.kind == "goods" || i.kind == "ingredient"
	var least any
	if tracked {
		least = i.pack
	}
	id := b.insertNew("items", fmt.Sprintf("%05d", 10000+i.id), i.title, i.kind, i.group.id, unitID,
		null(i.price), i.cost, vatRate, i.unit == "кг", tracked, least, false, at)
	for _, p := range i.parts {
		b.insertNew("recipes", id, p.item.id, p.quantity)
	}
	if i.kind == "goods" {
		b.insertRow("item_barcodes", id, ean13(int64(460_123_400_000+i.id*17)))
	}
}

// ean13 is an EAN-13 with its check digit.
func ean13(twelve int64) string {
	text, sum := strconv.FormatInt(twelve, 10), 0
	for i, digit := range text {
		sum += int(digit-'0') * (1 + 2*(i%2))
	}
	return text + strconv.Itoa((10-sum%10)%10)
}

func (b *book) insertOutlet(o *outlet, at time.Time) {
	b.insertNew("places", o.title, o.address, o.phone, at)
	b.insertNew("stores", o.id, "Склад: "+o.title, o.address, at)
	hall := b.insertNew("halls", o.id, "Основной зал", at)
	for table := 1; table <= o.tables; table++ {
		b.insertNew("hall_tables", hall, strconv.Itoa(table), 2+table%3)
	}
}
