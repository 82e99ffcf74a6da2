package projection

import (
	"slices"

	"github.com/shopspring/decimal"
)

// spreadDigits is the step of a share: 0.0001, as money has.
const spreadDigits = 4

// spreadAmount divides an amount over lines in proportion to their totals, in steps of
// 0.0001, by the method of the largest remainder: the shares add up to the
// amount exactly. Where all totals are zero the first line bears it.
func spreadAmount(amount decimal.Decimal, totals []decimal.Decimal) []decimal.Decimal {
	shares := make([]decimal.Decimal, len(totals))
	if amount.IsZero() || len(totals) == 0 {
		return shares
	}
	whole := decimal.Sum(decimal.Zero, totals...)
	if whole.IsZero() {
		shares[0] = amount
		return shares
	}
	remainders := make([]decimal.Decimal, len(totals))
	left := amount
	for i, total := range totals {
		exact := amount.Mul(total)
		quotient, remainder := exact.QuoRem(whole, spreadDigits)
		shares[i], remainders[i] = quotient, remainder.Abs()
		left = left.Sub(quotient)
	}
	addRemainder(left, shares, remainders)
	return shares
}

// addRemainder adds what truncation left over, one step each, to the shares that it
// cut most from; among equals the earlier line goes first. What is less than a
// step goes to the first of them.
func addRemainder(left decimal.Decimal, shares, remainders []decimal.Decimal) {
	order := make([]int, len(shares))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return remainders[b].Cmp(remainders[a]) })
	step := decimal.New(int64(left.Sign()), -spreadDigits)
	for n := 0; left.Abs().GreaterThanOrEqual(step.Abs()) && !left.IsZero(); n++ {
		i := order[n%len(order)]
		shares[i], left = shares[i].Add(step), left.Sub(step)
	}
	shares[order[0]] = shares[order[0]].Add(left)
}
