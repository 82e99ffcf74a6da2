package check

import (
	"regexp"
	"strings"
)

// taxNumber is how a country writes the number by which it knows a taxpayer.
type taxNumber struct {
	form  *regexp.Regexp
	valid func(digits string) bool // nil: no check digit is known
	what  string
}

// taxNumbers are by the currency of the country.
var taxNumbers = map[string]taxNumber{
	"RUB": {regexp.MustCompile(`^(\d{10}|\d{12})$`), isINN, "an INN: 10 or 12 digits, with its check digits"},
	"KZT": {regexp.MustCompile(`^\d{12}$`), isBIN, "a BIN or IIN: 12 digits, the last of them a check digit"},
	"KGS": {regexp.MustCompile(`^\d{14}$`), nil, "an INN: 14 digits"},
	"UZS": {regexp.MustCompile(`^(\d{9}|\d{14})$`), nil, "an STIR of 9 digits, or a PINFL of 14"},
	"BYN": {regexp.MustCompile(`^([A-Z]{2}\d{7}|[A-Z]\d{8}|\d{9})$`), nil, "a UNP: 9 digits, of which letters may be the first two"},
}

// elsewhere is what a taxpayer's number is like in any other country.
var elsewhere = taxNumber{regexp.MustCompile(`^[\p{L}\d][\p{L}\d ./-]*$`), hasDigit, "letters and digits, such as DE123456789"}

// TaxNumber is the number by which the country of a currency knows a taxpayer, trimmed; none
// may be given, and the one that was there before may stay.
func (f *Fields) TaxNumber(field, value, currency, before string) string {
	value = strings.TrimSpace(value)
	rule, known := taxNumbers[currency]
	if !known {
		rule = elsewhere
	}
	switch {
	case value == "" || value == before || !f.Length(field, value):
	case !rule.form.MatchString(value) || rule.valid != nil && !rule.valid(value):
		f.Add(field, "tax_number", "must be "+rule.what)
	}
	return value
}

func hasDigit(text string) bool { return strings.ContainsAny(text, "0123456789") }

// isINN holds the check digits of a Russian taxpayer's number: order of the Federal Tax
// Service of 29 June 2012, ММВ-7-6/435@.
func isINN(digits string) bool {
	if len(digits) == 10 {
		return checkDigit(digits, 2, 4, 10, 3, 5, 9, 4, 6, 8) == digits[9]
	}
	return checkDigit(digits, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8) == digits[10] &&
		checkDigit(digits, 3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8) == digits[11]
}

func checkDigit(digits string, weights ...int) byte {
	return digit(weighted(digits, weights...) % 11 % 10)
}

// isBIN holds the check digit of a Kazakh taxpayer's number, a BIN's as an IIN's: the law on
// national registers of identification numbers of 12 January 2007, № 223-III.
func isBIN(digits string) bool {
	rest := weighted(digits, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11) % 11
	if rest == 10 {
		rest = weighted(digits, 3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2) % 11
	}
	return rest < 10 && digit(rest) == digits[11]
}

func weighted(digits string, weights ...int) (sum int) {
	for i, weight := range weights {
		sum += weight * int(digits[i]-'0')
	}
	return sum
}

func digit(value int) byte { return "0123456789"[value] }
