package projection

import (
	"slices"

	"github.com/shopspring/decimal"
)

// spreadAmount divides an amount over lines in proportion to their weights, none of them
// negative, in steps of 10^-digits, by the method of the largest remainder: the
// shares add up to the amount exactly. Where all weights are zero the first line
// bears it.
func spreadAmount(amount decimal.Decimal, weights []decimal.Decimal, digits int32) []decimal.Decimal {
	shares := make([]decimal.Decimal, len(weights))
	if amount.IsZero() || len(weights) == 0 {
		return shares
	}
	whole := decimal.Sum(decimal.Zero, weights...)
	if whole.IsZero() {
		shares[0] = amount
		return shares
	}
	remainders := make([]decimal.Decimal, len(weights))
	left := amount
	for i, weight := range weights {
		quotient, remainder := amount.Mul(weight).QuoRem(whole, digits)
		shares[i], remainders[i] = quotient, remainder.Abs()
		left = left.Sub(quotient)
	}
	addRemainder(left, shares, remainders, digits)
	return shares
}

// addRemainder adds what truncation left over, one step each, to the shares that it
// cut most from; among equals the earlier line goes first. What is less than a
// step goes to the first of them.
func addRemainder(left decimal.Decimal, shares, remainders []decimal.Decimal, digits int32) {
	order := make([]int, len(shares))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return remainders[b].Cmp(remainders[a]) })
	step := decimal.New(int64(left.Sign()), -digits)
	for n := 0; left.Abs().GreaterThanOrEqual(step.Abs()) && !left.IsZero(); n++ {
		i := order[n%len(order)]
		shares[i], left = shares[i].Add(step), left.Sub(step)
	}
	shares[order[0]] = shares[order[0]].Add(left)
}
