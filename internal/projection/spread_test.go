package projection

import (
	"testing"

	"github.com/shopspring/decimal"
	"pgregory.net/rapid"
)

func decimals(texts ...string) []decimal.Decimal {
	numbers := make([]decimal.Decimal, len(texts))
	for i, text := range texts {
		numbers[i] = decimal.RequireFromString(text)
	}
	return numbers
}

func TestSpreadGivesTheLargestRemaindersFirst(t *testing.T) {
	for _, test := range []struct {
		amount string
		totals []string
		digits int32
		want   []string
	}{
		{"10", []string{"100", "300"}, 2, []string{"2.5", "7.5"}},
		{"1", []string{"1", "1", "1"}, 2, []string{"0.34", "0.33", "0.33"}},
		{"0.02", []string{"1", "1", "1"}, 2, []string{"0.01", "0.01", "0"}},
		{"1", []string{"1", "0", "5"}, 3, []string{"0.167", "0", "0.833"}},
		{"100", []string{"1", "1", "1"}, 0, []string{"34", "33", "33"}},
		{"-1", []string{"1", "1", "1"}, 2, []string{"-0.34", "-0.33", "-0.33"}},
		{"1.0051", []string{"1", "1"}, 2, []string{"0.5051", "0.5"}}, // what is finer than a step stays whole
		{"5", []string{"0", "0"}, 2, []string{"5", "0"}},
		{"0", []string{"3", "4"}, 2, []string{"0", "0"}},
	} {
		got := spreadAmount(decimal.RequireFromString(test.amount), decimals(test.totals...), test.digits)
		for i, want := range decimals(test.want...) {
			if !got[i].Equal(want) {
				t.Errorf("%s over %v: %v, want %v", test.amount, test.totals, got, test.want)
				break
			}
		}
	}
	if got := spreadAmount(decimal.NewFromInt(1), nil, 2); len(got) != 0 {
		t.Errorf("over no lines: %v", got)
	}
}

func TestSpreadAddsUpExactlyAndStaysWithinAStep(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		amount := decimal.New(rapid.Int64Range(-1e9, 1e9).Draw(t, "amount"), -4)
		cents := rapid.SliceOfN(rapid.Int64Range(0, 1e8), 1, 30).Draw(t, "totals")
		totals := make([]decimal.Decimal, len(cents))
		for i, c := range cents {
			totals[i] = decimal.New(c, -2)
		}
		digits := rapid.Int32Range(0, 4).Draw(t, "digits")
		shares := spreadAmount(amount, totals, digits)
		if sum := decimal.Sum(decimal.Zero, shares...); !sum.Equal(amount) {
			t.Fatalf("shares add up to %s, not to %s", sum, amount)
		}
		whole := decimal.Sum(decimal.Zero, totals...)
		if whole.IsZero() {
			return
		}
		for i, share := range shares {
			off := share.Sub(amount.Mul(totals[i]).Div(whole)).Abs()
			if off.GreaterThanOrEqual(decimal.New(2, -digits)) {
				t.Fatalf("share %d of %s over %v is %s: more than two steps off", i, amount, totals, share)
			}
		}
	})
}
