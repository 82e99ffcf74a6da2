package currency_test

import (
	"maps"
	"os"
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

// TestTheListAgreesWithASecondWitness holds the list against an earlier edition of it that came another way: what the
// standard has not changed since is the same in both, to the last code (decision 51).
func TestTheListAgreesWithASecondWitness(t *testing.T) {
	ours, theirs := readList(t, "iso4217.txt"), readList(t, "testdata/list-one-2024-06-25.txt")
	changed := map[string]string{ // after 2024-06-25
		"XCG": "2", "XAD": "2", // new
		"ANG": "", "CUC": "", "BGN": "", // withdrawn
	}
	for code, now := range changed {
		if ours[code] != now {
			t.Errorf("%s is %q here, and %q since the standard has changed it", code, ours[code], now)
		}
		delete(ours, code)
		delete(theirs, code)
	}
	maps.DeleteFunc(ours, func(_, what string) bool { return strings.HasSuffix(what, "withdrawn") })
	for code := range maps.Keys(theirs) {
		if ours[code] != theirs[code] {
			t.Errorf("%s is %q here, and %q in the other list", code, ours[code], theirs[code])
		}
		delete(ours, code)
	}
	if len(theirs) < 170 || len(ours) > 0 {
		t.Errorf("the other list has %d codes, and not these of ours: %v", len(theirs), ours)
	}
}

// readList gives what a list says of each code.
func readList(t *testing.T, path string) map[string]string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	list := map[string]string{}
	for line := range strings.Lines(string(text)) {
		if code, what, _ := strings.Cut(strings.TrimSpace(line), " "); code != "#" {
			list[code] = what
		}
	}
	return list
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
