package check

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/google/uuid"

	"github.com/interpos/cabinet/internal/fault"
)

// Fields gathers all that is wrong with the fields of a request, so that it is said at
// once. Its methods take a field's name on the wire, check the value by the rule and by
// the limit of that name, and give the value as it is kept.
type Fields struct{ broken []fault.Field }

// Add says that a field is wrong: a stable word for programs, and English prose.
func (f *Fields) Add(field, code, message string) {
	f.broken = append(f.broken, fault.Field{Field: field, Code: code, Message: message})
}

// Err is ValidationFailed with all that was wrong, or nil.
func (f *Fields) Err() error {
	if len(f.broken) == 0 {
		return nil
	}
	return fault.Invalid(f.broken...)
}

// Required says whether a value is there.
func (f *Fields) Required(field, value string) bool {
	if value == "" {
		f.Add(field, "required", "must not be empty")
	}
	return value != ""
}

// Length holds a text against the limits of its length, as it is. That there is none
// is for Required to say.
func (f *Fields) Length(field, value string) bool {
	limit, length := Limits[field], utf8.RuneCountInString(value)
	switch {
	case length > 0 && length < limit.MinLength:
		f.Add(field, "too_short", fmt.Sprintf("must have at least %d characters", limit.MinLength))
	case limit.MaxLength > 0 && length > limit.MaxLength:
		f.Add(field, "too_long", fmt.Sprintf("must have at most %d characters", limit.MaxLength))
	default:
		return true
	}
	return false
}

// Line is one line of free text, trimmed.
func (f *Fields) Line(field, value string) string { return f.freeText(field, value, unicode.IsControl) }

// Text is free text of any number of lines, trimmed.
func (f *Fields) Text(field, value string) string { return f.freeText(field, value, isUnprintable) }

func (f *Fields) freeText(field, value string, refused func(rune) bool) string {
	value = strings.TrimSpace(value)
	switch {
	case !f.Length(field, value):
	case strings.ContainsFunc(value, refused):
		f.Add(field, "invalid", "must not hold control characters")
	default:
		f.visible(field, value)
	}
	return value
}

// visible holds that others see a text as it is: that nothing in it is hidden or turns
// around what stands beside it.
func (f *Fields) visible(field, value string) bool {
	if !strings.ContainsFunc(withoutJoinedEmoji(value), isInvisible) {
		return true
	}
	f.Add(field, "invisible", "must not hold characters that are not seen, or that change the direction of the text")
	return false
}

// joinedEmoji are two emoji of which a zero width joiner makes one picture (UTS #51, 2.3): the
// first may have a variation selector or a colour of skin.
var joinedEmoji = regexp.MustCompile(`(\p{So}[\x{FE0F}\x{1F3FB}-\x{1F3FF}]?)\x{200D}(\p{So})`)

// withoutJoinedEmoji is a text without the joiners whose work is seen.
func withoutJoinedEmoji(text string) string {
	for joinedEmoji.MatchString(text) {
		text = joinedEmoji.ReplaceAllString(text, "$1$2")
	}
	return text
}

// isInvisible says whether a character is none that is seen: format characters (bidirectional
// controls, zero widths), separators of lines, what Unicode calls default ignorable, and
// blanks that count as letters or symbols. Variation selectors may stay, as in emoji.
func isInvisible(r rune) bool {
	return unicode.In(r, unicode.Cf, unicode.Co, unicode.Zl, unicode.Zp, unicode.Other_Default_Ignorable_Code_Point) || r == '\u2800'
}

// Printable is a text without the characters that Line refuses: for what a computer says of
// itself, which nobody is there to mend.
func Printable(text string) string {
	return strings.Map(func(r rune) rune {
		if isInvisible(r) || unicode.IsControl(r) {
			return -1
		}
		return r
	}, text)
}

func isUnprintable(r rune) bool { return unicode.IsControl(r) && r != '\n' && r != '\r' && r != '\t' }

// Secret is a text that is kept as it was typed, blanks included.
func (f *Fields) Secret(field, value string) {
	if f.Required(field, value) {
		f.Length(field, value)
	}
}

// Word is one of the words of the field's limit.
func (f *Fields) Word(field, value string) string {
	if words := Limits[field].Words; !slices.Contains(words, value) {
		f.Add(field, "invalid", "must be one of: "+strings.Join(words, " "))
	}
	return value
}

// Number is a whole number within the field's limits; nil was not given.
func (f *Fields) Number(field string, value *int) int {
	limit := Limits[field]
	switch {
	case value == nil:
		f.Add(field, "required", "must be given")
		return 0
	case limit.Minimum != nil && *value < *limit.Minimum:
		f.Add(field, "too_small", fmt.Sprintf("must be at least %d", *limit.Minimum))
	case limit.Maximum != nil && *value > *limit.Maximum:
		f.Add(field, "too_large", fmt.Sprintf("must be at most %d", *limit.Maximum))
	}
	return *value
}

// ID is a UUID in its usual form: small letters, hyphens.
func (f *Fields) ID(field, value string) uuid.UUID {
	if !f.Required(field, value) {
		return uuid.Nil
	}
	id, err := uuid.Parse(value)
	if err != nil || id.String() != value {
		f.Add(field, "invalid", "must be a UUID in small letters")
	}
	return id
}
