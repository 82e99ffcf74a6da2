package currency_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/interpos/cabinet/internal/currency"
)

func TestMinorDigitsAreThoseOfTheStandard(t *testing.T) {
	for digits, codes := range []string{
		0: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF ITL",
		2: "RUB USD EUR UZS AFN ALL COP CRC HUF IDR IRR KPW LAK LBP MGA MMK PKR RSD SOS SYP TZS YER XCG ABC RUR XAU",
		3: "BHD IQD JOD KWD LYD OMR TND",
		4: "CLF UYW",
	} {
		for code := range strings.FieldsSeq(codes) {
			if got := currency.MinorDigits(code); got != digits {
				t.Errorf("%s has %d minor digits, want %d", code, got, digits)
			}
		}
	}
}

func TestOnlyWhatOneCanPayWithIsCurrent(t *testing.T) {
	for code := range strings.FieldsSeq("RUB KZT KGS UZS USD EUR JPY BHD VES XCG XOF") {
		if !currency.IsCurrent(code) {
			t.Errorf("%s is not current", code)
		}
	}
	for code := range strings.FieldsSeq("RUR DEM BGN ANG CUC HRK ITL XXX XTS XAU XAG XDR XBA CHE USN CLF ABC rub") {
		if currency.IsCurrent(code) {
			t.Errorf("%s is current", code)
		}
	}
	if currency.IsCurrent("") || currency.IsCurrent("#") {
		t.Error("what is no code is current")
	}
	current := currency.Current()
	sorted := slices.IsSortedFunc(current, func(a, b currency.Digits) int { return strings.Compare(a.Code, b.Code) })
	if len(current) < 150 || len(current) > 165 || !sorted {
		t.Errorf("%d current currencies, sorted: %t", len(current), sorted)
	}
}
