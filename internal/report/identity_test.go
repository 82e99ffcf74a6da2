//go:build linux

package report_test

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"
	"pgregory.net/rapid"

	"github.com/interpos/cabinet/internal/db/dbtest"
	"github.com/interpos/cabinet/internal/projection/feedtest"
	"github.com/interpos/cabinet/internal/report"
)

var (
	soldProducts = ids(3)
	paymentTypes = ids(3)
	soldOutlets  = ids(2)
	firstDay     = date("2026-05-20")
)

const days = 4

// anyMoney is an amount in kopecks, now and then in finer steps, of either sign where it may be.
func anyMoney(t *rapid.T, least int64, name string) json.Number {
	digits := rapid.SampledFrom([]int32{2, 2, 2, 4}).Draw(t, name+" digits")
	return json.Number(decimal.New(rapid.Int64Range(least, 100_000).Draw(t, name), -digits).String())
}

// maybe sets a field every other time.
func maybe(t *rapid.T, data map[string]any, name string, value func() any) {
	if rapid.Bool().Draw(t, "has "+name) {
		data[name] = value()
	}
}

func anyLine(t *rapid.T) map[string]any {
	amount := func(least int64, name string) func() any {
		return func() any { return anyMoney(t, least, name) }
	}
	line := map[string]any{
		"name":     rapid.SampledFrom([]string{"Разное", "Доставка", ""}).Draw(t, "name"),
		"quantity": json.Number(decimal.New(rapid.Int64Range(-3_000_000_000, 5_000_000_000).Draw(t, "quantity"), -9).String()),
		"price":    anyMoney(t, 0, "price"), "total": anyMoney(t, -100_000, "total"),
	}
	maybe(t, line, "product_id", func() any { return rapid.SampledFrom(soldProducts).Draw(t, "product") })
	maybe(t, line, "discount", amount(-100, "discount"))
	maybe(t, line, "tax", amount(0, "tax"))
	maybe(t, line, "tax_included", func() any { return rapid.Bool().Draw(t, "tax_included") })
	maybe(t, line, "cost", amount(0, "cost"))
	return line
}

// anyReceipt is a receipt of any kind that a till may send; nothing in it need add up.
func anyReceipt(t *rapid.T) map[string]any {
	at := firstDay.AddDate(0, 0, rapid.IntRange(0, days-1).Draw(t, "day")).Add(9 * time.Hour)
	data := map[string]any{
		"type": rapid.SampledFrom([]string{"sale", "sale", "refund"}).Draw(t, "type"), "occurred_at": at,
		"outlet_id": rapid.SampledFrom(soldOutlets).Draw(t, "outlet"), "total": anyMoney(t, -100_000, "total"),
		"status": rapid.SampledFrom([]string{"closed", "closed", "closed", "open", "cancelled"}).Draw(t, "status"),
	}
	for _, name := range []string{"discount_total", "service_charge", "tax_total", "tip", "rounding"} {
		maybe(t, data, name, func() any { return anyMoney(t, 0, name) })
	}
	maybe(t, data, "tax_included", func() any { return rapid.Bool().Draw(t, "tax_included") })
	lines, payments := []any{}, []any{}
	for range rapid.IntRange(0, 3).Draw(t, "lines") {
		lines = append(lines, anyLine(t))
	}
	for range rapid.IntRange(0, 3).Draw(t, "payments") {
		payments = append(payments, map[string]any{
			"payment_type_id": rapid.SampledFrom(paymentTypes).Draw(t, "payment type"), "amount": anyMoney(t, -100_000, "amount")})
	}
	data["lines"], data["payments"] = lines, payments
	return data
}

// money is a money field of what was made; 0 where it is left out.
func money(data map[string]any, name string) decimal.Decimal {
	text, _ := data[name].(json.Number)
	return feedtest.Amount(string(text))
}

// collectedBy is what receipts that count come to, refunds with minus, and what they were paid
// with: of those that fit.
func collectedBy(receipts []map[string]any, fit func(map[string]any) bool) (collected decimal.Decimal, paid map[uuid.UUID]decimal.Decimal) {
	paid = map[uuid.UUID]decimal.Decimal{}
	for _, r := range receipts {
		if r["status"] != "closed" || !fit(r) {
			continue
		}
		sign := decimal.NewFromInt(1)
		if r["type"] == "refund" {
			sign = sign.Neg()
		}
		collected = collected.Add(sign.Mul(money(r, "total")))
		for _, item := range r["payments"].([]any) {
			payment := item.(map[string]any)
			id := payment["payment_type_id"].(uuid.UUID)
			paid[id] = paid[id].Add(sign.Mul(money(payment, "amount")))
		}
	}
	return collected, paid
}

// Whatever receipts a till sends, what was collected is, to the last digit, net sales with
// all that stands beside them: for each day, hour and product, and in any part of the
// period; and what was paid is what was collected less what was not.
func TestEveryFigureKeepsTheIdentity(t *testing.T) {
	outer, database := t, dbtest.New(t)
	rapid.Check(t, func(t *rapid.T) {
		v := feedtest.In(outer, database)
		receipts := make([]map[string]any, rapid.IntRange(1, 12).Draw(t, "receipts"))
		changes := make([]feedtest.Change, len(receipts))
		for i := range receipts {
			receipts[i] = anyReceipt(t)
			changes[i] = feedtest.Change{Kind: "receipt", ID: uuid.New(), Data: receipts[i]}
		}
		v.Push(changes...)
		last := firstDay.AddDate(0, 0, days-1)
		whole := holdPeriod(t, v, receipts, report.Query{From: firstDay, To: &last})
		split := firstDay.AddDate(0, 0, rapid.IntRange(0, days-2).Draw(t, "split"))
		after := split.AddDate(0, 0, 1)
		equal(t, "both parts", holdPeriod(t, v, receipts, report.Query{From: firstDay, To: &split}).
			Plus(holdPeriod(t, v, receipts, report.Query{From: &after, To: &last})), whole)
		equal(t, "both outlets", holdPeriod(t, v, receipts, report.Query{From: firstDay, To: &last, Outlet: &soldOutlets[0]}).
			Plus(holdPeriod(t, v, receipts, report.Query{From: firstDay, To: &last, Outlet: &soldOutlets[1]})), whole)
	})
}

// holdPeriod holds all reports of a period to the receipts and to one another, and gives its totals.
func holdPeriod(t *rapid.T, v *feedtest.Venue, receipts []map[string]any, query report.Query) report.Measures {
	reports, ctx := service(v), t.Context()
	byDay, err := reports.SalesByDay(ctx, v.Organization, query)
	check(t, err)
	byHour, err := reports.SalesByHour(ctx, v.Organization, query)
	check(t, err)
	byProduct, err := reports.SalesByProduct(ctx, v.Organization, query)
	check(t, err)
	byType, err := reports.PaymentsByType(ctx, v.Organization, query)
	check(t, err)
	holdReports(t, receipts, query, byDay, byHour, byProduct, byType)
	holdShown(t, byDay.InDigits(), byProduct.InDigits(), byType.InDigits())
	return byDay.Totals
}

func holdReports(t *rapid.T, receipts []map[string]any, query report.Query, byDay report.ByDay, byHour report.ByHour,
	byProduct report.ByProduct, byType report.ByPaymentType) {
	for _, row := range byDay.Rows {
		collected, _ := collectedBy(receipts, func(r map[string]any) bool {
			return (query.Outlet == nil || r["outlet_id"] == *query.Outlet) && r["occurred_at"].(time.Time).Truncate(24*time.Hour).Equal(row.Day)
		})
		same(t, "collected of a day", row.Collected(), collected)
	}
	_, paid := collectedBy(receipts, func(r map[string]any) bool {
		at := r["occurred_at"].(time.Time)
		return (query.Outlet == nil || r["outlet_id"] == *query.Outlet) && !at.Before(*query.From) && at.Before(query.To.AddDate(0, 0, 1))
	})
	if len(byType.Rows) != len(paid) {
		t.Fatalf("%d types of payments, want %d", len(byType.Rows), len(paid))
	}
	sum := decimal.Zero
	for _, row := range byType.Rows {
		same(t, "payments of a type", row.Amount, paid[row.ID])
		sum = sum.Add(row.Amount)
	}
	same(t, "payments of all types", sum, byDay.Totals.Collected().Sub(byDay.Totals.Unpaid()))
	equal(t, "hours", byHour.Totals, byDay.Totals)
	equal(t, "products", byProduct.Totals, byDay.Totals)
	equal(t, "payments' receipts", byType.Totals, byDay.Totals)
}

// holdShown holds that what is shown has the digits of the money, and still adds up.
func holdShown(t *rapid.T, byDay report.ByDay, byProduct report.ByProduct, byType report.ByPaymentType) {
	var fromDays, fromProducts report.Measures
	for _, row := range byDay.Rows {
		fromDays = fromDays.Plus(row.Measures)
	}
	for _, row := range byProduct.Rows {
		for _, shown := range []decimal.Decimal{row.NetSales(), row.Cost, row.Unpaid(), row.Unexplained} {
			same(t, "a figure in kopecks", shown, shown.Round(2))
		}
		fromProducts = fromProducts.Plus(row.Measures)
	}
	equal(t, "days as shown", fromDays, byDay.Totals)
	equal(t, "products as shown", fromProducts, byProduct.Totals)
	equal(t, "products' totals as shown", byProduct.Totals, byDay.Totals)
	sum := decimal.Zero
	for _, row := range byType.Rows {
		sum = sum.Add(row.Amount)
	}
	same(t, "payments as shown", sum, byDay.Totals.Collected().Sub(byDay.Totals.Unpaid()))
}

// equal holds that two sets of measures are the same in all money.
func equal(t *rapid.T, what string, got, want report.Measures) {
	write := func(m report.Measures) string {
		return fmt.Sprint(m.GrossSales, m.Discounts, m.Refunds, m.ServiceCharges, m.Taxes, m.TaxOnTop, m.Tips, m.Rounding, m.Unexplained, m.Paid, m.Cost, m.NetWithCost)
	}
	if write(got) != write(want) {
		t.Fatalf("%s: %s, want %s", what, write(got), write(want))
	}
}

func same(t *rapid.T, what string, got, want decimal.Decimal) {
	if !got.Equal(want) {
		t.Fatalf("%s is %s, want %s", what, got, want)
	}
}

func check(t *rapid.T, err error) {
	if err != nil {
		t.Fatal(err)
	}
}
