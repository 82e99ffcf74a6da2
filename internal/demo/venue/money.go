package venue

import (
	"fmt"
	"strconv"
	"strings"
)

// money is an amount in 10^-4 roubles: fine enough for the cost of a gram.
type money int64

const (
	kopeck money = 100
	rouble       = 100 * kopeck
)

// amount is a quantity in thousandths of a unit.
type amount int64

const unit amount = 1000

func (m money) String() string { return fixedPoint(int64(m), 4) }

func (a amount) String() string { return fixedPoint(int64(a), 3) }

// fixedPoint writes a whole number of 10^-places as a decimal.
func fixedPoint(value int64, places int) string {
	sign := ""
	if value < 0 {
		sign, value = "-", -value
	}
	text := fmt.Sprintf("%0*d", places+1, value)
	whole, fraction := text[:len(text)-places], strings.TrimRight(text[len(text)-places:], "0")
	if fraction == "" {
		return sign + whole
	}
	return sign + whole + "." + fraction
}

// timesQuantity is the price of a quantity, rounded to the kopeck.
func (m money) timesQuantity(quantity amount) money {
	return roundTo(int64(m)*int64(quantity), int64(unit)*int64(kopeck)) * kopeck
}

// percentRounded is so many hundredths of an amount, rounded to the kopeck.
func (m money) percentRounded(rate int64) money {
	return roundTo(int64(m)*rate, 100*int64(kopeck)) * kopeck
}

// includedTax is the tax in an amount that includes it, rounded to the kopeck.
func (m money) includedTax(rate int64) money {
	return roundTo(int64(m)*rate, (100+rate)*int64(kopeck)) * kopeck
}

// shareOf is the part that falls to a piece of a whole, rounded to the kopeck.
func (m money) shareOf(piece, whole money) money {
	if whole == 0 {
		return 0
	}
	return roundTo(int64(m)*int64(piece), int64(whole)*int64(kopeck)) * kopeck
}

// roundTo divides, ties away from zero; the divisor is positive.
func roundTo(value, divisor int64) money {
	if value < 0 {
		return -roundTo(-value, divisor)
	}
	return money((value + divisor/2) / divisor)
}

// parseFixed reads a decimal as a whole number of 10^-places.
func parseFixed(text string, places int) (int64, error) {
	whole, fraction, _ := strings.Cut(strings.TrimSpace(text), ".")
	if len(fraction) > places {
		return 0, fmt.Errorf("%q has more than %d digits after the point", text, places)
	}
	return strconv.ParseInt(whole+fraction+strings.Repeat("0", places-len(fraction)), 10, 64)
}
