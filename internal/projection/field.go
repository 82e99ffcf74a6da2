package projection

import (
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"

	"github.com/interpos/cabinet/internal/canonical"
	"github.com/interpos/cabinet/internal/record"
)

// The readers of fields are lenient: what is left out, or of another type than
// the kind says, reads as nothing. Records were checked when they were accepted,
// perhaps by an older rule.

func textOf(object canonical.Value, name string) string {
	value, _ := object.Get(name)
	text, _ := value.Text()
	return strings.ReplaceAll(text, "\x00", "")
}

// headText is textOf for columns of lists: what is longer than people read in one, and
// than an index holds, is cut off.
func headText(object canonical.Value, name string) string {
	const most = 500
	text := textOf(object, name)
	if len(text) > most && utf8.RuneCountInString(text) > most {
		text = string([]rune(text)[:most])
	}
	return text
}

func flagOf(object canonical.Value, name string) bool {
	value, _ := object.Get(name)
	flag, _ := value.Bool()
	return flag
}

// idOf is a reference; the nil UUID counts as left out.
func idOf(object canonical.Value, name string) uuid.NullUUID {
	value, _ := object.Get(name)
	text, _ := value.Text()
	id, err := uuid.Parse(text)
	return uuid.NullUUID{UUID: id, Valid: err == nil && id != uuid.Nil}
}

// nullableTime is nil where the time is left out.
func nullableTime(object canonical.Value, name string) *time.Time {
	value, _ := object.Get(name)
	if at, ok := record.ParseInstant(value); ok {
		return &at
	}
	return nil
}

func numberOf(object canonical.Value, name string) decimal.Decimal {
	return nullableNumber(object, name).Decimal
}

// nullableNumber is a number of up to 40 digits; valid is false where it is
// left out or no such number.
func nullableNumber(object canonical.Value, name string) decimal.NullDecimal {
	const most = 40
	value, _ := object.Get(name)
	literal, ok := value.Literal()
	if !ok {
		return decimal.NullDecimal{}
	}
	number, err := decimal.NewFromString(literal)
	if err != nil || number.Exponent() > most || number.Exponent() < -most {
		return decimal.NullDecimal{}
	}
	return decimal.NewNullDecimal(number)
}

func elementsOf(object canonical.Value, name string) func(func(canonical.Value) bool) {
	value, _ := object.Get(name)
	return value.Elements()
}

func missingField(s source, field string) error {
	return fmt.Errorf("%s %s has no %s", s.kind, s.id, field)
}
