package record

import (
	"strings"
	"time"

	"github.com/interpos/cabinet/internal/canonical"
)

const (
	maxInstantBytes = 40
	firstYear       = 1900
	lastYear        = 9998 // a day more must still be a date
)

// ParseInstant reads a time as Instant does. ok is false for what is no string, too.
func ParseInstant(value canonical.Value) (at time.Time, ok bool) {
	if value.Type() != canonical.String || len(value.Bytes()) > maxInstantBytes {
		return time.Time{}, false
	}
	return Instant(string(value.Bytes()))
}

// Instant reads a time with an offset as RFC 3339, 5.6, has it, t and z in either case, to the
// microsecond. ok is false for anything else, and for years that no clock shows. time.Parse
// takes more: a comma before the fraction, hours of one digit, offsets of a day.
func Instant(text string) (at time.Time, ok bool) {
	if len(text) > maxInstantBytes || !hasInstantForm(text) {
		return time.Time{}, false
	}
	at, err := time.Parse(time.RFC3339Nano, text)
	if err != nil { // of one case only
		at, err = time.Parse(time.RFC3339Nano, strings.ToUpper(text))
	}
	if err != nil || at.Year() < firstYear || at.Year() > lastYear {
		return time.Time{}, false
	}
	return at.Truncate(time.Microsecond), true
}

// hasInstantForm holds a text against date-time of RFC 3339, digits for digits.
func hasInstantForm(text string) bool {
	const form = "0000-00-00T00:00:00"
	if len(text) <= len(form) || !fits(text[:len(form)], form) {
		return false
	}
	rest := text[len(form):]
	if rest[0] == '.' {
		digits := len(rest) - 1 - len(strings.TrimLeft(rest[1:], "0123456789"))
		if digits == 0 {
			return false
		}
		rest = rest[1+digits:]
	}
	if rest == "Z" || rest == "z" {
		return true
	}
	return (fits(rest, "+00:00") || fits(rest, "-00:00")) && rest[1:3] < "24" && rest[4:] < "60"
}

// fits says whether a text is like a form: a digit where that has a 0, T in either case.
func fits(text, form string) bool {
	if len(text) != len(form) {
		return false
	}
	for i := range len(form) {
		switch c := text[i]; form[i] {
		case '0':
			if c < '0' || c > '9' {
				return false
			}
		case 'T':
			if c != 'T' && c != 't' {
				return false
			}
		default:
			if c != form[i] {
				return false
			}
		}
	}
	return true
}
