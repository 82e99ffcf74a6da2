// Package currency is the list of ISO 4217: which codes are currencies that one can
// pay with today, and how many digits their minor units have. (The tables of CLDR,
// which libraries bring, say how people write amounts, and that is something else.)
package currency

import (
	_ "embed"
	"strconv"
	"strings"
	"sync"
)

//go:embed iso4217.txt
var list string

// currency is a line of the list.
type currency struct {
	code        string
	minorDigits int
	isCurrent   bool // one can pay with it: no fund, metal or unit of account, not withdrawn
}

var currencies = sync.OnceValue(func() map[string]currency {
	all := map[string]currency{}
	for line := range strings.Lines(list) {
		fields := strings.Fields(line)
		if fields[0] == "#" {
			continue
		}
		digits, err := strconv.Atoi(fields[1])
		if err != nil {
			digits = otherDigits
		}
		all[fields[0]] = currency{fields[0], digits, err == nil && len(fields) == 2}
	}
	return all
})

// otherDigits are those of codes without minor units of their own.
const otherDigits = 2

// MinorDigits is the number of fraction digits of a currency: 2 for RUB, 0 for JPY, 3
// for BHD; 2 for a code that the list gives none, or does not have.
func MinorDigits(code string) int {
	if found, known := currencies()[code]; known {
		return found.minorDigits
	}
	return otherDigits
}

// IsCurrent says whether one can pay with a currency today: what is withdrawn, and
// codes of funds, metals and tests, are nothing to choose.
func IsCurrent(code string) bool { return currencies()[code].isCurrent }

// Current are the codes of the currencies that one can pay with today, sorted, each
// with its number of fraction digits.
func Current() []Digits {
	var current []Digits
	for line := range strings.Lines(list) {
		if found := currencies()[strings.Fields(line)[0]]; found.isCurrent {
			current = append(current, Digits{found.code, found.minorDigits})
		}
	}
	return current
}

// Digits is a currency with its number of fraction digits.
type Digits struct {
	Code  string
	Minor int
}
