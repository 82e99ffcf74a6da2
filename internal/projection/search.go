package projection

import (
	"strings"

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
// found by the query: one LIKE pattern a word, wherever in the text it stands. No
// patterns match every row.
func Patterns(query string) []string {
	const most = 10
	words := strings.Fields(Fold(query))
	patterns := make([]string, 0, len(words))
	for _, word := range words[:min(len(words), most)] {
		patterns = append(patterns, "%"+patternOf(word)+"%")
	}
	return patterns
}

// punctuation is what people write numbers with.
const punctuation = "+-()./#№"

// patternOf is what a word must match. A number is found however it is punctuated: a
// long one by its bare digits, a short one, be it a part of a long one, by its groups.
func patternOf(word string) string {
	digits := digitsOf(word)
	switch {
	case digits == "" || strings.Trim(word, "0123456789"+punctuation) != "":
		return wildcards.Replace(word)
	case len(digits) >= fewestDigits:
		return digits
	}
	return strings.Join(strings.FieldsFunc(word, func(r rune) bool { return strings.ContainsRune(punctuation, r) }), "%")
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
