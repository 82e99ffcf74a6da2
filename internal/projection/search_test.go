package projection

import (
	"strings"
	"testing"
)

// matches is LIKE with the patterns' %…% and no wildcards within.
func matches(text, query string) bool {
	for _, pattern := range Patterns(query) {
		if !strings.Contains(text, strings.Trim(pattern, "%")) {
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

func TestPatternsTakeWildcardsAsTheyStand(t *testing.T) {
	got := strings.Join(Patterns(`50%_\`), " ")
	if want := `%50\%\_\\%`; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}
