package account

import (
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// normalPassword is a password as it is hashed, whatever keyboard typed it: letters with
// their marks as one character (Unicode form C, as RFC 8265, 4.2.2, asks), other blanks as
// the usual one.
func normalPassword(password string) string {
	return norm.NFC.String(withUsualBlanks(password))
}

// spellings are what may have been hashed of a password: since it is normalized, the normal
// one; before, what was typed.
func spellings(password string) (list []string) {
	for _, spelling := range []string{normalPassword(password), password, norm.NFC.String(password), norm.NFD.String(password)} {
		if !slices.Contains(list, spelling) {
			list = append(list, spelling)
		}
	}
	return list
}

func withUsualBlanks(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Zs, r) {
			return ' '
		}
		return r
	}, text)
}
