//go:build linux

package report_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"

	"github.com/interpos/cabinet/internal/fault"
	"github.com/interpos/cabinet/internal/projection/feedtest"
	"github.com/interpos/cabinet/internal/report"
	"github.com/interpos/cabinet/internal/sync"
)

var coffee = uuid.MustParse("22222222-2222-4222-8222-222222222222")

func byDay(t *testing.T, v *feedtest.Venue, query report.Query) report.ByDay {
	t.Helper()
	got, err := service(v).SalesByDay(t.Context(), v.Organization, query)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func TestFullRefundOfADiscountedSaleLeavesNothing(t *testing.T) {
	v := feedtest.New(t)
	sold := feedtest.Receipt{At: noon, Discount: "10.01", Tip: "5", Rounding: "0.4", Lines: []feedtest.Line{
		{Product: coffee, Quantity: "0.333", Price: "99.99", Discount: "1.11", Cost: "3"}, {Product: coffee, Quantity: "1", Price: "50", Cost: "2"}}}
	refund := sold
	refund.Refund, refund.Tip, refund.Rounding = true, "", ""
	v.Push(sold.Change(), refund.Change())
	got := byDay(t, v, report.Query{}).Totals
	if !got.NetSales().IsZero() || !got.Cost.IsZero() || got.Receipts != 1 || got.Refunds.String() != "72.18" || got.Margin().Valid {
		t.Errorf("%+v", got)
	}
	products, err := service(v).SalesByProduct(t.Context(), v.Organization, report.Query{})
	if err != nil || !products.Rows[0].NetSales().IsZero() || !products.Rows[0].Quantity.IsZero() {
		t.Errorf("%v %+v", err, products.Rows)
	}
}

func TestRatiosAreRoundedHalfUpAndAbsentWithoutABase(t *testing.T) {
	for _, test := range []struct {
		net, cost            string
		receipts, guests     int64
		margin, check, guest string
	}{
		{"100", "33.33", 3, 8, "0.6667", "33.3333", "12.5"},
		{"0.0001", "0", 2, 0, "1", "0.0001", ""}, // 0.00005 goes up
		{"0", "5", 1, 1, "", "0", "0"},
		{"5", "0", 0, 0, "1", "", ""},
	} {
		m := report.Measures{GrossSales: feedtest.Amount(test.net), NetWithCost: feedtest.Amount(test.net), Cost: feedtest.Amount(test.cost), Receipts: test.receipts, Guests: test.guests}
		for got, want := range map[decimal.NullDecimal]string{m.Margin(): test.margin, m.AverageCheck(): test.check, m.NetPerGuest(): test.guest} {
			if got.Valid != (want != "") || got.Valid && got.Decimal.String() != want {
				t.Errorf("%+v: %v, want %s", test, got, want)
			}
		}
	}
}

// The margin is that of what has a cost, and says of how much of the sales that is.
func TestUnknownCostIsNoCostOfNothing(t *testing.T) {
	v := feedtest.New(t)
	unknown := uuid.New()
	v.Push(feedtest.Receipt{At: noon, Discount: "40", Lines: []feedtest.Line{
		{Product: coffee, Quantity: "1", Price: "100", Cost: "60"}, {Product: unknown, Quantity: "1", Price: "300"}}}.Change())
	total := byDay(t, v, report.Query{}).Totals
	for what, pair := range map[string][2]string{
		"net sales": {total.NetSales().String(), "360"}, "cost": {total.Cost.String(), "60"},
		"gross profit": {total.GrossProfit().Decimal.String(), "30"}, "margin": {total.Margin().Decimal.String(), "0.3333"},
		"share": {total.CostShare().Decimal.String(), "0.25"},
	} {
		if pair[0] != pair[1] {
			t.Errorf("%s is %s, want %s", what, pair[0], pair[1])
		}
	}
	products, err := service(v).SalesByProduct(t.Context(), v.Organization, report.Query{})
	if err != nil || len(products.Rows) != 2 {
		t.Fatal(err, products.Rows)
	}
	for _, row := range products.Rows {
		if isKnown := row.ID.UUID == coffee; row.GrossProfit().Valid != isKnown || row.Margin().Valid != isKnown {
			t.Errorf("%+v: gross profit %v, margin %v", row.ID, row.GrossProfit(), row.Margin())
		}
	}
}

// A refund whose cost is unknown does not make the known part more than the whole.
func TestShareOfKnownCostIsNeverMoreThanAll(t *testing.T) {
	m := report.Measures{GrossSales: feedtest.Amount("100"), Refunds: feedtest.Amount("50"), NetWithCost: feedtest.Amount("100"), Cost: feedtest.Amount("60")}
	if got := m.CostShare().Decimal.String(); got != "0.6667" {
		t.Errorf("share %s", got)
	}
}

func TestFiguresInDigitsStillAddUp(t *testing.T) {
	v := feedtest.New(t)
	var lines []feedtest.Line
	for range 3 {
		lines = append(lines, feedtest.Line{Product: uuid.New(), Quantity: "1", Price: "1", Cost: "0.335"})
	}
	v.Push(feedtest.Receipt{At: noon, Lines: lines}.Change())
	exact, err := service(v).SalesByProduct(t.Context(), v.Organization, report.Query{})
	if err != nil {
		t.Fatal(err)
	}
	shown := exact.InDigits()
	costs := []string{shown.Rows[0].Cost.String(), shown.Rows[1].Cost.String(), shown.Rows[2].Cost.String(), shown.Totals.Cost.String()}
	if want := []string{"0.34", "0.34", "0.33", "1.01"}; !slices.Equal(costs, want) {
		t.Errorf("%v, want %v", costs, want)
	}
	if exact.Rows[2].Cost.String() != "0.335" {
		t.Errorf("the exact figure is now %s", exact.Rows[2].Cost)
	}
}

func TestLateReceiptIsInItsOwnDay(t *testing.T) {
	v := feedtest.New(t)
	v.Push(feedtest.Receipt{At: noon, Lines: line("5")}.Change())
	query := report.Query{From: date("2026-05-01"), To: date("2026-05-25")}
	if got := byDay(t, v, query); got.Totals.NetSales().String() != "5" {
		t.Errorf("%+v", got.Totals)
	}
	v.Push(feedtest.Receipt{At: noon.AddDate(0, 0, -20), Lines: line("70")}.Change())
	got := byDay(t, v, query)
	if got.Rows[4].NetSales().String() != "70" || got.Totals.NetSales().String() != "75" {
		t.Errorf("%+v", got.Rows[4])
	}
}

func line(price string) []feedtest.Line {
	return []feedtest.Line{{Product: coffee, Quantity: "1", Price: price}}
}

// The last hour of October 24th comes twice in Berlin, the first of March 29th never.
func TestDaysOfClockChangesAreWhole(t *testing.T) {
	v := feedtest.New(t)
	v.Set("Europe/Berlin", 0)
	v.Now = time.Date(2026, 10, 31, 12, 0, 0, 0, time.UTC)
	for at := time.Date(2026, 10, 24, 21, 30, 0, 0, time.UTC); at.Before(time.Date(2026, 10, 25, 23, 31, 0, 0, time.UTC)); at = at.Add(time.Hour) {
		v.Push(feedtest.Receipt{At: at, Lines: line("1")}.Change())
	}
	query := report.Query{From: date("2026-10-24"), To: date("2026-10-26")}
	for i, want := range []int64{1, 25, 1} {
		if row := byDay(t, v, query).Rows[i]; row.Receipts != want {
			t.Errorf("%s has %d receipts, want %d", row.Day, row.Receipts, want)
		}
	}
	hours, err := service(v).SalesByHour(t.Context(), v.Organization, report.Query{From: date("2026-10-25"), To: date("2026-10-25")})
	if err != nil || hours.Rows[2].Receipts != 2 || hours.Rows[3].Receipts != 1 {
		t.Errorf("%v: %+v", err, hours.Rows[:4])
	}
}

func TestProductsAreNamedAndGrouped(t *testing.T) {
	v := feedtest.New(t)
	hot, drinks, unnamed := uuid.New(), uuid.New(), uuid.New()
	v.Push(
		feedtest.Receipt{At: noon, Lines: []feedtest.Line{{Product: coffee, Name: "Кофе (старое)", Quantity: "1", Price: "90"}}}.Change(),
		feedtest.Receipt{At: noon, Lines: []feedtest.Line{{Product: unnamed, Name: "Без карточки", Quantity: "1", Price: "10"}}}.Change(),
		feedtest.Change{Kind: "product", ID: coffee, Data: map[string]any{"name": "Кофе", "type": "dish", "group_id": hot}},
		feedtest.Change{Kind: "product_group", ID: hot, Data: map[string]any{"name": "Горячие", "parent_id": drinks}},
		feedtest.Change{Kind: "product_group", ID: drinks, Data: map[string]any{"name": "Напитки"}})
	got, err := service(v).SalesByProduct(t.Context(), v.Organization, report.Query{})
	if err != nil || len(got.Rows) != 2 {
		t.Fatal(err, got.Rows)
	}
	if got.Rows[0].Name != "Кофе" || got.Rows[0].GroupName != "Горячие" || got.Rows[1].Name != "Без карточки" || got.Rows[1].Group.Valid {
		t.Errorf("%+v", got.Rows)
	}
	got, err = service(v).SalesByProduct(t.Context(), v.Organization, report.Query{Group: &drinks})
	if err != nil || len(got.Rows) != 1 || got.Totals.NetSales().String() != "90" {
		t.Errorf("%v: of a group %+v", err, got)
	}
}

func TestReportsKeepWhatIsDeleted(t *testing.T) {
	v := feedtest.New(t)
	group, cash := uuid.New(), uuid.New()
	receipt := feedtest.Receipt{At: noon, Lines: []feedtest.Line{{Product: coffee, Name: "Кофе (старое)", Quantity: "1", Price: "90"}}}.Change()
	receipt.Data["payments"] = []any{map[string]any{"payment_type_id": cash, "amount": 90}}
	v.Push(receipt,
		feedtest.Change{Kind: "product", ID: coffee, Data: map[string]any{"name": "Кофе", "type": "dish", "group_id": group}},
		feedtest.Change{Kind: "product_group", ID: group, Data: map[string]any{"name": "Горячие"}},
		feedtest.Change{Kind: "payment_type", ID: cash, Data: map[string]any{"name": "Наличные", "type": "cash"}})
	v.Push(feedtest.Change{Kind: "product", ID: coffee}, feedtest.Change{Kind: "product_group", ID: group}, feedtest.Change{Kind: "payment_type", ID: cash})
	for _, query := range []report.Query{{}, {Group: &group}} {
		got, err := service(v).SalesByProduct(t.Context(), v.Organization, query)
		if err != nil || len(got.Rows) != 1 {
			t.Fatal(err, got.Rows)
		}
		if row := got.Rows[0]; row.Name != "Кофе" || !row.Deleted || row.GroupName != "Горячие" || !row.GroupDeleted {
			t.Errorf("%+v", row)
		}
	}
	paid, err := service(v).PaymentsByType(t.Context(), v.Organization, report.Query{})
	if err != nil || len(paid.Rows) != 1 || paid.Rows[0].Name != "Наличные" || !paid.Rows[0].Deleted {
		t.Errorf("%v: %+v", err, paid.Rows)
	}
}

// A tombstone is purged after its time, and its name stays. What comes again then is a new
// record to the feed, and must take the name's place, not stand beside it.
func TestWhatComesBackAfterAPurgeCountsOnce(t *testing.T) {
	v := feedtest.New(t)
	group, cash := uuid.New(), uuid.New()
	receipt := feedtest.Receipt{At: noon, Lines: []feedtest.Line{{Product: coffee, Name: "Кофе", Quantity: "1", Price: "90"}}}.Change()
	receipt.Data["payments"] = []any{map[string]any{"payment_type_id": cash, "amount": 90}}
	directories := []feedtest.Change{
		{Kind: "product", ID: coffee, Data: map[string]any{"name": "Кофе", "type": "dish", "group_id": group}},
		{Kind: "product_group", ID: group, Data: map[string]any{"name": "Горячие"}},
		{Kind: "payment_type", ID: cash, Data: map[string]any{"name": "Наличные", "type": "cash"}},
	}
	v.Push(append(directories, receipt)...)
	v.Push(feedtest.Change{Kind: "product", ID: coffee}, feedtest.Change{Kind: "product_group", ID: group}, feedtest.Change{Kind: "payment_type", ID: cash})
	byDay(t, v, report.Query{}) // projected
	if err := sync.Purge(t.Context(), v.DB, time.Now().Add(2*sync.Retention)); err != nil {
		t.Fatal(err)
	}
	v.Push(directories...)
	got, err := service(v).SalesByProduct(t.Context(), v.Organization, report.Query{})
	if err != nil || len(got.Rows) != 1 || got.Rows[0].Deleted || got.Rows[0].GroupDeleted || got.Totals.NetSales().String() != "90" {
		t.Errorf("%v: products %+v", err, got.Rows)
	}
	paid, err := service(v).PaymentsByType(t.Context(), v.Organization, report.Query{})
	if err != nil || len(paid.Rows) != 1 || paid.Rows[0].Deleted || paid.Rows[0].Amount.String() != "90" {
		t.Errorf("%v: payments %+v", err, paid.Rows)
	}
}

func TestPeriodIsFilledInAndBounded(t *testing.T) {
	v := feedtest.New(t) // today is May 25th
	for _, test := range []struct {
		from, to   string
		wantFrom   string
		wantTo     string
		wrongField string
	}{
		{"", "", "2026-04-26", "2026-05-25", ""},
		{"2026-05-20", "", "2026-05-20", "2026-05-25", ""},
		{"2026-06-20", "", "2026-06-20", "2026-06-20", ""},
		{"", "2026-02-10", "2026-01-12", "2026-02-10", ""},
		{"2015-01-01", "2026-02-05", "2015-01-01", "2026-02-05", ""}, // years are a usual question
		{"2026-05-26", "2026-05-25", "", "", "to"},
	} {
		query := report.Query{}
		if test.from != "" {
			query.From = date(test.from)
		}
		if test.to != "" {
			query.To = date(test.to)
		}
		got, err := service(v).SalesByDay(t.Context(), v.Organization, query)
		if test.wrongField != "" {
			if !fault.Is(err, fault.ValidationFailed) {
				t.Errorf("%+v: %v", test, err)
			}
			continue
		}
		if err != nil || got.From != *date(test.wantFrom) || got.To != *date(test.wantTo) {
			t.Errorf("%+v: %v, %s to %s", test, err, got.From, got.To)
		}
		if days := int(got.To.Sub(got.From).Hours()/24) + 1; len(got.Rows) != days {
			t.Errorf("%+v: %d rows of %d days", test, len(got.Rows), days)
		}
	}
}

func TestReportOfTooManyRowsSaysSo(t *testing.T) {
	v := feedtest.New(t)
	last := date("2026-05-25")
	first := last.AddDate(0, 0, 1-report.MaxRows)
	if got := byDay(t, v, report.Query{From: &first, To: last}); len(got.Rows) != report.MaxRows {
		t.Errorf("%d rows", len(got.Rows))
	}
	before := first.AddDate(0, 0, -1)
	if _, err := service(v).SalesByDay(t.Context(), v.Organization, report.Query{From: &before, To: last}); !fault.Is(err, fault.TooManyRows) ||
		!strings.Contains(err.Error(), "A report has at most 20000 rows. Choose a shorter period or a filter.") {
		t.Errorf("%v", err)
	}
	lines := make([]feedtest.Line, 1000)
	for range report.MaxRows/len(lines) + 1 {
		for i := range lines {
			lines[i] = feedtest.Line{Product: uuid.New(), Quantity: "1", Price: "1"}
		}
		v.Push(feedtest.Receipt{At: noon, Lines: lines}.Change())
	}
	if err := v.Projector.CatchUp(t.Context(), v.Organization); err != nil {
		t.Fatal(err)
	}
	if got, err := service(v).SalesByProduct(t.Context(), v.Organization, report.Query{}); !fault.Is(err, fault.TooManyRows) {
		t.Errorf("%v: %d rows", err, len(got.Rows))
	}
}

func TestOtherOrganizationHasItsOwnFigures(t *testing.T) {
	v := feedtest.New(t)
	other := feedtest.In(t, v.DB)
	v.Push(feedtest.Receipt{At: noon, Lines: line("5")}.Change())
	if got := byDay(t, other, report.Query{}); !got.Totals.NetSales().IsZero() || got.Totals.Receipts != 0 {
		t.Errorf("%+v", got.Totals)
	}
	products, err := service(other).SalesByProduct(t.Context(), other.Organization, report.Query{})
	if err != nil || len(products.Rows) != 0 || products.Totals.Receipts != 0 {
		t.Errorf("%v: %+v", err, products)
	}
}
