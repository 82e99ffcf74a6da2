package report

import (
	"slices"

	"github.com/shopspring/decimal"

	"github.com/interpos/cabinet/internal/currency"
)

// Sources may send money in finer steps than the currency has, costs above all. Figures are
// shown in the currency's steps: of each amount the total is rounded, and the rows
// are rounded so that they add up to it. What is made of amounts is made of the
// rounded ones: it adds up as well, in rows and in columns.

// InDigits gives the measures in the steps of the currency, those of one row alone.
func (m Measures) InDigits(code string) Measures {
	for _, amount := range m.amounts() {
		*amount = amount.Round(digitsOf(code))
	}
	return m
}

// InDigits gives the report in the steps of its currency.
func (r ByDay) InDigits() ByDay {
	r.Rows = slices.Clone(r.Rows)
	r.Totals = roundMeasures(r.Rows, func(row *DayRow) *Measures { return &row.Measures }, r.Totals, r.Currency)
	return r
}

// InDigits gives the report in the steps of its currency.
func (r ByHour) InDigits() ByHour {
	r.Rows = slices.Clone(r.Rows)
	r.Totals = roundMeasures(r.Rows, func(row *HourRow) *Measures { return &row.Measures }, r.Totals, r.Currency)
	return r
}

// InDigits gives the report in the steps of its currency.
func (r ByProduct) InDigits() ByProduct {
	r.Rows = slices.Clone(r.Rows)
	r.Totals = roundMeasures(r.Rows, func(row *ProductRow) *Measures { return &row.Measures }, r.Totals, r.Currency)
	return r
}

// InDigits gives the report in the steps of its currency.
func (r ByPaymentType) InDigits() ByPaymentType {
	r.Rows = slices.Clone(r.Rows)
	r.Totals = r.Totals.InDigits(r.Currency)
	amounts := make([]*decimal.Decimal, len(r.Rows))
	for i := range r.Rows {
		amounts[i] = &r.Rows[i].Amount
	}
	roundTogether(amounts, r.Totals.Paid, digitsOf(r.Currency))
	return r
}

func digitsOf(code string) int32 { return int32(currency.MinorDigits(code)) }

// roundMeasures rounds the measures of rows, and gives their totals rounded.
func roundMeasures[Row any](rows []Row, measures func(*Row) *Measures, totals Measures, code string) Measures {
	totals = totals.InDigits(code)
	column := make([]*decimal.Decimal, len(rows))
	for n, total := range totals.amounts() {
		for i := range rows {
			column[i] = measures(&rows[i]).amounts()[n]
		}
		roundTogether(column, *total, digitsOf(code))
	}
	return totals
}

// roundTogether rounds amounts to some digits so that they add up to their sum, which is
// rounded: those go up that are rounded down most.
func roundTogether(amounts []*decimal.Decimal, sum decimal.Decimal, digits int32) {
	cut := make([]decimal.Decimal, len(amounts))
	finer := make([]int, 0, len(amounts))
	for i, amount := range amounts {
		down := amount.RoundFloor(digits)
		cut[i], *amount, sum = amount.Sub(down), down, sum.Sub(down)
		if !cut[i].IsZero() {
			finer = append(finer, i)
		}
	}
	slices.SortStableFunc(finer, func(a, b int) int { return cut[b].Cmp(cut[a]) })
	step := decimal.New(1, -digits)
	for _, i := range finer {
		if sum.LessThan(step) {
			return
		}
		*amounts[i], sum = amounts[i].Add(step), sum.Sub(step)
	}
}
