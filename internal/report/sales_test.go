//go:build linux

package report_test

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"

	"github.com/interpos/cabinet/internal/projection/feedtest"
	"github.com/interpos/cabinet/internal/report"
)

// expected are measures that a test adds up by hand, receipt by receipt.
type expected struct {
	gross, discounts, refunds, taxes, tips, cost, quantity decimal.Decimal
	receipts, guests                                       int64
}

func (e *expected) add(r feedtest.Receipt) {
	lines := decimal.Zero
	sign := decimal.NewFromInt(1)
	if r.Refund {
		sign = decimal.NewFromInt(-1)
	}
	for _, line := range r.Lines {
		lines = lines.Add(line.Total())
		e.cost = e.cost.Add(sign.Mul(feedtest.Amount(line.Cost)))
		e.quantity = e.quantity.Add(sign.Mul(feedtest.Amount(line.Quantity)))
		if !r.Refund {
			e.gross = e.gross.Add(line.Total()).Add(feedtest.Amount(line.Discount))
			e.discounts = e.discounts.Add(feedtest.Amount(line.Discount))
		}
	}
	e.taxes = e.taxes.Add(sign.Mul(feedtest.Amount(r.Tax)))
	e.tips = e.tips.Add(sign.Mul(feedtest.Amount(r.Tip)))
	if r.Refund {
		e.refunds = e.refunds.Add(lines).Sub(feedtest.Amount(r.Discount))
		return
	}
	e.discounts = e.discounts.Add(feedtest.Amount(r.Discount))
	e.receipts++
	e.guests += int64(r.Guests)
}

func (e *expected) String() string {
	return fmt.Sprint(e.gross, e.discounts, e.refunds, e.taxes, e.tips, e.cost, e.receipts, e.guests)
}

func text(m report.Measures) string {
	return fmt.Sprint(m.GrossSales, m.Discounts, m.Refunds, m.Taxes, m.Tips, m.Cost, m.Receipts, m.Guests)
}

// randomReceipts are n receipts of five days, some refunds, some cancelled, with
// weights, modifiers, and discounts of both sorts.
func randomReceipts(random *rand.Rand, n int, products, outlets []uuid.UUID) []feedtest.Receipt {
	cents := func(most int64) string { return decimal.New(random.Int64N(most), -2).String() }
	receipts := make([]feedtest.Receipt, n)
	for i := range receipts {
		r := feedtest.Receipt{
			ID: uuid.New(), At: noon.Add(-time.Duration(random.IntN(5*24*60)) * time.Minute), Outlet: outlets[random.IntN(len(outlets))],
			Refund: random.IntN(10) == 0, Tip: cents(5000), Rounding: cents(100), Tax: cents(10000), Guests: random.IntN(5),
		}
		if random.IntN(15) == 0 {
			r.Status = "cancelled"
		}
		for range 1 + random.IntN(5) {
			line := feedtest.Line{
				Product: products[random.IntN(len(products))], Price: decimal.New(100+random.Int64N(90000), -2).String(),
				Quantity: decimal.New(500+random.Int64N(3000), -3).String(), Cost: cents(20000),
			}
			if random.IntN(3) == 0 {
				line.Modifier, line.ModQty = cents(5000), "2"
			}
			if random.IntN(3) == 0 {
				line.Discount = cents(40)
			}
			r.Lines = append(r.Lines, line)
		}
		if random.IntN(3) == 0 {
			r.Discount = cents(50)
		}
		receipts[i] = r
	}
	return receipts
}

var noon = time.Date(2026, 5, 25, 9, 0, 0, 0, time.UTC) // Monday, 12:00 in Moscow

func changes(receipts []feedtest.Receipt) []feedtest.Change {
	list := make([]feedtest.Change, len(receipts))
	for i, r := range receipts {
		list[i] = r.Change()
	}
	return list
}

func service(v *feedtest.Venue) *report.Reports {
	return report.New(v.Projector, func() time.Time { return v.Now })
}

func ids(n int) []uuid.UUID {
	list := make([]uuid.UUID, n)
	for i := range list {
		list[i] = uuid.New()
	}
	return list
}

// All reports of one period say the same, to the last digit, and it is what the
// receipts say.
func TestReportsAddUpToTheReceipts(t *testing.T) {
	v := feedtest.New(t)
	v.Set("Asia/Novosibirsk", 330)
	random := rand.New(rand.NewPCG(1, 2))
	products, outlets := ids(12), ids(3)
	receipts := randomReceipts(random, 400, products, outlets)
	v.Push(changes(receipts)...)
	zone, _ := time.LoadLocation("Asia/Novosibirsk")
	businessDay := func(r feedtest.Receipt) string {
		return r.At.In(zone).Add(-330 * time.Minute).Format(time.DateOnly) // no clock changes there this month
	}
	for _, outlet := range []*uuid.UUID{nil, &outlets[1]} {
		all, byDay, byHour, byProduct := expected{}, map[string]*expected{}, map[int]*expected{}, map[uuid.UUID]*expected{}
		for _, r := range receipts {
			if r.Status == "cancelled" || outlet != nil && r.Outlet != *outlet {
				continue
			}
			all.add(r)
			of(byDay, businessDay(r)).add(r)
			of(byHour, r.At.In(zone).Hour()).add(r)
			addProducts(byProduct, r)
		}
		query := report.Query{From: date("2026-05-19"), To: date("2026-05-26"), Outlet: outlet}
		checkDays(t, v, query, byDay, &all)
		checkHours(t, v, query, byHour, &all)
		checkProducts(t, v, query, byProduct, &all)
	}
}

func of[K comparable](by map[K]*expected, key K) *expected {
	if by[key] == nil {
		by[key] = &expected{}
	}
	return by[key]
}

// addProducts adds what is known of products without spreading discounts.
func addProducts(by map[uuid.UUID]*expected, r feedtest.Receipt) {
	seen := map[uuid.UUID]bool{}
	for _, line := range r.Lines {
		single := feedtest.Receipt{Refund: r.Refund, Lines: []feedtest.Line{line}}
		e := of(by, line.Product)
		before := e.receipts
		e.add(single)
		if e.receipts = before; !seen[line.Product] && !r.Refund {
			e.receipts++
		}
		seen[line.Product] = true
	}
}

func checkDays(t *testing.T, v *feedtest.Venue, query report.Query, byDay map[string]*expected, all *expected) {
	t.Helper()
	got, err := service(v).SalesByDay(t.Context(), v.Organization, query)
	if err != nil {
		t.Fatal(err)
	}
	if len(got.Rows) != 8 {
		t.Errorf("%d days, want all 8", len(got.Rows))
	}
	for _, row := range got.Rows {
		if want := of(byDay, row.Day.Format(time.DateOnly)); text(row.Measures) != want.String() {
			t.Errorf("%s: %s, want %s", row.Day, text(row.Measures), want)
		}
	}
	checkTotals(t, got.Totals, all)
}

func checkHours(t *testing.T, v *feedtest.Venue, query report.Query, byHour map[int]*expected, all *expected) {
	t.Helper()
	got, err := service(v).SalesByHour(t.Context(), v.Organization, query)
	if err != nil || len(got.Rows) != 24 {
		t.Fatal(err, len(got.Rows))
	}
	for _, row := range got.Rows {
		if want := of(byHour, row.Hour); text(row.Measures) != want.String() {
			t.Errorf("hour %d: %s, want %s", row.Hour, text(row.Measures), want)
		}
	}
	checkTotals(t, got.Totals, all)
}

func checkTotals(t *testing.T, got report.Measures, want *expected) {
	t.Helper()
	if text(got) != want.String() {
		t.Errorf("totals %s, want %s", text(got), want)
	}
	net := want.gross.Sub(want.discounts).Sub(want.refunds)
	if !got.NetSales().Equal(net) || !got.GrossProfit().Decimal.Equal(net.Sub(want.cost)) {
		t.Errorf("net sales %s, gross profit %s", got.NetSales(), got.GrossProfit().Decimal)
	}
}

func checkProducts(t *testing.T, v *feedtest.Venue, query report.Query, byProduct map[uuid.UUID]*expected, all *expected) {
	t.Helper()
	got, err := service(v).SalesByProduct(t.Context(), v.Organization, query)
	if err != nil || len(got.Rows) != len(byProduct) {
		t.Fatal(err, len(got.Rows))
	}
	sum := report.Measures{}
	for i, row := range got.Rows {
		want := byProduct[row.ID.UUID]
		if !row.GrossSales.Equal(want.gross) || !row.Cost.Equal(want.cost) || row.Receipts != want.receipts || !row.Quantity.Equal(want.quantity) {
			t.Errorf("product %v: %+v, want %+v", row.ID, row, want)
		}
		if i > 0 && row.NetSales().GreaterThan(got.Rows[i-1].NetSales()) {
			t.Errorf("row %d has more net sales than the one before", i)
		}
		sum = sum.Plus(row.Measures)
	}
	for what, pair := range map[string][2]decimal.Decimal{
		"gross": {sum.GrossSales, all.gross}, "discounts": {sum.Discounts, all.discounts}, "refunds": {sum.Refunds, all.refunds},
		"cost": {sum.Cost, all.cost}, "total of gross": {got.Totals.GrossSales, all.gross}, "total of discounts": {got.Totals.Discounts, all.discounts},
		"total of refunds": {got.Totals.Refunds, all.refunds}, "total of cost": {got.Totals.Cost, all.cost}, "quantity": {got.Quantity, all.quantity},
	} {
		if !pair[0].Equal(pair[1]) {
			t.Errorf("products' %s is %s, want %s", what, pair[0], pair[1])
		}
	}
	if got.Totals.Receipts != all.receipts {
		t.Errorf("%d receipts, want %d", got.Totals.Receipts, all.receipts)
	}
}

func date(text string) *time.Time {
	at, err := time.Parse(time.DateOnly, text)
	if err != nil {
		panic(err)
	}
	return &at
}
