package projection

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Fold brings text into the form in which it is searched: composed (NFC), lower
// case, ё as е.
func Fold(text string) string {
	return strings.ReplaceAll(strings.ToLower(norm.NFC.String(text)), "ё", "е")
}

// fewestDigits is from how many digits on a number is found by its bare digits,
// however it is punctuated: phone numbers, bar codes, numbers of documents.
const fewestDigits = 5

// Searchable joins what a row is found by, the bare digits of each text too.
func Searchable(texts ...string) string {
	var joined []string
	for _, text := range texts {
		if text == "" {
			continue
		}
		joined = append(joined, Fold(text))
		if digits := digitsOf(text); len(digits) >= fewestDigits && digits != text {
			joined = append(joined, digits)
		}
	}
	return strings.ReplaceAll(strings.Join(joined, "\n"), "\x00", "")
}

// Patterns are what the searchable text of a row must match, all of them, to be
// found by the query: one LIKE pattern a word; for a number, its bare digits. No
// patterns match every row.
func Patterns(query string) []string {
	const most = 10
	words := strings.Fields(Fold(query))
	if digits := digitsOf(query); len(digits) >= fewestDigits && !strings.ContainsFunc(query, unicode.IsLetter) {
		words = []string{digits}
	}
	patterns := make([]string, 0, len(words))
	for _, word := range words[:min(len(words), most)] {
		patterns = append(patterns, "%"+wildcards.Replace(word)+"%")
	}
	return patterns
}

var wildcards = strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`)

func digitsOf(text string) string {
	return strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, text)
}
