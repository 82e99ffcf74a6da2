package record

import "golang.org/x/text/currency"

// MinorDigits is the number of fraction digits of a currency (ISO 4217): 2 for
// RUB, 0 for JPY; 2 for one that is not known.
func MinorDigits(code string) int {
	unit, err := currency.ParseISO(code)
	if err != nil {
		return 2
	}
	digits, _ := currency.Standard.Rounding(unit)
	return digits
}
