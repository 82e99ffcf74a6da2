package projection

import (
	"regexp"
	"strings"
	"testing"
)

// matches is LIKE with the patterns.
func matches(text, query string) bool {
	for _, pattern := range Patterns(query) {
		expression := strings.ReplaceAll(regexp.QuoteMeta(pattern), "%", ".*")
		if !regexp.MustCompile(`(?s)^` + expression + `$`).MatchString(text) {
			return false
		}
	}
	return true
}

func TestSearchIsOfWordsInAnyCase(t *testing.T) {
	text := Searchable("Щётка Зелёная", "", "+7 (912) 345-67-89", "BRUSH@example.com")
	for _, query := range []string{"щетка", "ЩЁТКА зел", "зелёная щётка", "79123456789", "912 345", "(912) 345-67", "brush@EXAMPLE", "", "  "} {
		if !matches(text, query) {
			t.Errorf("%q is not found in %q", query, text)
		}
	}
	for _, query := range []string{"щетки", "зеленая метла", "79123456780"} {
		if matches(text, query) {
			t.Errorf("%q is found in %q", query, text)
		}
	}
	if decomposed := "и\u0306"; !matches(Searchable("чай"), "ча"+decomposed) {
		t.Error("a letter typed as two signs is not found")
	}
}

func TestNumbersAreFoundHoweverTheyArePunctuated(t *testing.T) {
	for _, test := range [][2]string{
		{"A24-1842", "24-1842"}, {"00-000184", "00000184"}, {"4601234567890", "4601234 567890"}, {"тел. 8 (800) 100-20-30", "88001002030"},
	} {
		if !matches(Searchable(test[0]), test[1]) {
			t.Errorf("%q is not found by %q", test[0], test[1])
		}
	}
}

// Each word is found by itself: a code and a bar code, a number and a fiscal number.
func TestSeveralNumbersAreFoundEachByItself(t *testing.T) {
	product := Searchable("Кофе", "101", "4601234567890", "2200000000017")
	receipt := Searchable("15", "1234567", "+996 555 123456")
	for _, test := range [][2]string{
		{product, "101 4601234567890"}, {product, "4601234567890 101"}, {product, "кофе 460123"}, {product, "22000 46012"},
		{receipt, "15 1234567"}, {receipt, "#15 123-4567"}, {receipt, "(555) 12-34-56"}, {receipt, "996555123456"}, {receipt, "555 12-34 56"},
	} {
		if !matches(test[0], test[1]) {
			t.Errorf("%q is not found by %q", test[0], test[1])
		}
	}
	for _, test := range [][2]string{{product, "102 4601234567890"}, {product, "101 4601234567891"}, {receipt, "15 1234568"}, {receipt, "77-34"}} {
		if matches(test[0], test[1]) {
			t.Errorf("%q is found by %q", test[0], test[1])
		}
	}
}

func TestPatternsTakeWildcardsAsTheyStand(t *testing.T) {
	got := strings.Join(Patterns(`50%_\`), " ")
	if want := `%50\%\_\\%`; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}
