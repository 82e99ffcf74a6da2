package record

import (
	"fmt"
	"math"
	"strconv"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"

	"github.com/interpos/cabinet/internal/canonical"
	"github.com/interpos/cabinet/internal/fault"
)

// Bounds of one record, against what no venue sends.
const (
	maxText     = 500
	maxLongText = 10_000
	maxItems    = 5_000
	maxFaults   = 20 // further faults of a record are not listed
)

// reporter takes one broken rule; path is made only when it is called.
type reporter func(path, code, message string)

// Check holds a record's data against its kind: types, required fields, bounds,
// and the rules of the kind. minorDigits are the fraction digits of the
// organization's currency (ISO 4217). It returns what is wrong, at most 20
// faults; nil means that the record is good.
func (k *Kind) Check(data canonical.Value, minorDigits int) []fault.Field {
	var faults []fault.Field
	report := func(path, code, message string) {
		if len(faults) < maxFaults {
			faults = append(faults, fault.Field{Field: path, Code: code, Message: message})
		}
	}
	if !data.IsObject() {
		report("data", "invalid", "must be an object")
		return faults
	}
	checkFields(data, k.Fields, report)
	if len(faults) == 0 && k.rules != nil {
		k.rules(data, minorDigits, report)
	}
	return faults
}

// checkFields walks the members and the fields side by side: both are sorted.
func checkFields(object canonical.Value, fields []Field, report reporter) {
	members := object.Members()
	for i := range fields {
		field := &fields[i]
		for len(members) > 0 && string(members[0].Name) < field.Name {
			members = members[1:]
		}
		if len(members) > 0 && members[0].Value.Type() != canonical.Null && string(members[0].Name) == field.Name {
			checkValue(members[0].Value, field, report)
		} else if field.Required {
			report(field.Name, "required", "must be given")
		}
	}
}

func checkValue(value canonical.Value, field *Field, report reporter) {
	if code, message := broken(value, field); code != "" {
		report(field.Name, code, message)
		return
	}
	if field.Type != list && field.Type != texts {
		return
	}
	i := 0
	inItem := func(path, code, message string) {
		if path != "" {
			path = "." + path
		}
		report(field.Name+"["+strconv.Itoa(i)+"]"+path, code, message)
	}
	for ; i < len(value.Members()); i++ {
		item := value.Members()[i].Value
		if field.Type == texts {
			if code, message := brokenText(item, maxText); code != "" {
				inItem("", code, message)
			}
		} else if !item.IsObject() {
			inItem("", "invalid", "must be an object")
		} else {
			checkFields(item, field.Fields, inItem)
		}
	}
}

// broken is the rule that a value breaks by itself, or "".
func broken(value canonical.Value, field *Field) (code, message string) {
	switch field.Type {
	case text:
		code, message = brokenText(value, maxText)
		if code == "" && field.Required && len(value.Bytes()) == 0 {
			return "required", "must not be empty"
		}
		return code, message
	case longText:
		return brokenText(value, maxLongText)
	case id:
		if _, ok := parseID(value.Bytes()); !ok || value.Type() != canonical.String {
			return "uuid", "must be a UUID"
		}
	case boolean:
		if _, ok := value.Bool(); !ok {
			return "invalid", "must be true or false"
		}
	case integer:
		return brokenNumber(value, 0, math.MaxInt32, true)
	case money, amount:
		return brokenNumber(value, moneyDigits, maxMoney, field.Type == amount)
	case quantity, measure:
		return brokenNumber(value, quantityDigits, maxQuantity, field.Type == measure)
	case instant:
		if _, ok := ParseInstant(value); !ok {
			return "time", "must be a time with an offset, such as 2026-05-25T20:03:14+03:00"
		}
	case date:
		if _, err := time.Parse(time.DateOnly, string(value.Bytes())); err != nil || value.Type() != canonical.String {
			return "date", "must be a date, such as 2026-05-25"
		}
	case word:
		return brokenWord(value, field.Words)
	case list, texts:
		if value.Type() != canonical.Array {
			return "invalid", "must be a list"
		}
		if len(value.Members()) > maxItems {
			return "too_long", fmt.Sprintf("must have at most %d items", maxItems)
		}
	}
	return "", ""
}

func brokenText(value canonical.Value, most int) (code, message string) {
	if value.Type() != canonical.String {
		return "invalid", "must be a string"
	}
	if len(value.Bytes()) > most && utf8.RuneCount(value.Bytes()) > most {
		return "too_long", fmt.Sprintf("must have at most %d characters", most)
	}
	return "", ""
}

func brokenWord(value canonical.Value, words []string) (code, message string) {
	if value.Type() == canonical.String {
		for _, word := range words {
			if string(value.Bytes()) == word {
				return "", ""
			}
		}
	}
	return "invalid", fmt.Sprintf("must be one of %q", words)
}

func brokenNumber(value canonical.Value, places int, limit int64, positive bool) (code, message string) {
	if value.Type() != canonical.Number {
		return "invalid", "must be a number"
	}
	number, code := canonical.Fixed(value.Bytes(), places, limit)
	switch {
	case code == "too_precise":
		return code, fmt.Sprintf("must have at most %d digits after the point", places)
	case code != "" || number <= -limit:
		return "too_large", "is beyond what can be stored"
	case positive && number < 0:
		return "too_small", "must not be negative"
	}
	return "", ""
}

// ParseInstant reads an RFC 3339 time with an offset, to the microsecond. ok is
// false for anything else, and for years that no clock shows.
func ParseInstant(value canonical.Value) (at time.Time, ok bool) {
	if value.Type() != canonical.String || len(value.Bytes()) > 40 {
		return time.Time{}, false
	}
	at, err := time.Parse(time.RFC3339Nano, string(value.Bytes()))
	if err != nil || at.Year() < 1900 || at.Year() > 9998 {
		return time.Time{}, false
	}
	return at.Truncate(time.Microsecond), true
}

// parseID reads the 36 character form of a UUID.
func parseID(text []byte) (uuid.UUID, bool) {
	if len(text) != 36 {
		return uuid.Nil, false
	}
	parsed, err := uuid.ParseBytes(text)
	return parsed, err == nil && parsed != uuid.Nil
}
