package record

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
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
	checkFields(data, k.rules, report)
	if len(faults) == 0 && k.arithmetic != nil {
		k.arithmetic(data, minorDigits, report)
	}
	return faults
}

// rule is what a check has to know of a field.
type rule struct {
	name     string
	holds    Type
	required bool
	signed   bool
	choices  []string
	items    []rule
}

// rulesOf are the rules of fields, sorted by their names.
func rulesOf(fields []Field) []rule {
	rules := make([]rule, len(fields))
	for i, f := range fields {
		rules[i] = rule{f.Name, f.Type, f.Required, f.Signed, f.Choices, rulesOf(f.Fields)}
	}
	slices.SortFunc(rules, func(a, b rule) int { return strings.Compare(a.name, b.name) })
	return rules
}

// checkFields walks the members and the rules side by side: both are sorted.
func checkFields(object canonical.Value, rules []rule, report reporter) {
	members := object.Members()
	for i := range rules {
		rule := &rules[i]
		for len(members) > 0 && string(members[0].Name) < rule.name {
			members = members[1:]
		}
		if len(members) > 0 && !members[0].Value.IsNull() && string(members[0].Name) == rule.name {
			checkValue(members[0].Value, rule, report)
		} else if rule.required {
			report(rule.name, "required", "must be given")
		}
	}
}

func checkValue(value canonical.Value, rule *rule, report reporter) {
	if code, message := faultOf(value, rule); code != "" {
		report(rule.name, code, message)
		return
	}
	if rule.holds != List && rule.holds != Texts {
		return
	}
	i := 0
	inItem := func(path, code, message string) {
		if path != "" {
			path = "." + path
		}
		report(rule.name+"["+strconv.Itoa(i)+"]"+path, code, message)
	}
	for items := value.Members(); i < len(items); i++ {
		item := items[i].Value
		if rule.holds == Texts {
			if code, message := faultOfText(item, maxText); code != "" {
				inItem("", code, message)
			}
		} else if !item.IsObject() {
			inItem("", "invalid", "must be an object")
		} else {
			checkFields(item, rule.items, inItem)
		}
	}
}

// faultOf is the rule that a value breaks by itself, or "".
func faultOf(value canonical.Value, rule *rule) (code, message string) {
	switch rule.holds {
	case LongText:
		return faultOfText(value, maxLongText)
	case Reference, ID:
		if _, ok := parseID(value.Bytes()); !ok || value.Type() != canonical.String {
			return "uuid", "must be a UUID"
		}
	case Boolean:
		if _, ok := value.Bool(); !ok {
			return "invalid", "must be true or false"
		}
	case Integer:
		return faultOfNumber(value, 0, math.MaxInt32, false)
	case Money:
		return faultOfNumber(value, moneyDigits, maxMoney, rule.signed)
	case Quantity, Percent:
		return faultOfNumber(value, quantityDigits, maxQuantity, rule.signed)
	case Moment:
		if _, ok := ParseInstant(value); !ok {
			return "time", "must be a time with an offset, such as 2026-05-25T20:03:14+03:00"
		}
	case Date:
		if _, err := time.Parse(time.DateOnly, string(value.Bytes())); err != nil || value.Type() != canonical.String {
			return "date", "must be a date, such as 2026-05-25"
		}
	case List, Texts:
		if value.Type() != canonical.Array {
			return "invalid", "must be a list"
		}
		if len(value.Members()) > maxItems {
			return "too_long", fmt.Sprintf("must have at most %d items", maxItems)
		}
	default: // Text, and what is written as one
		return faultOfWord(value, rule)
	}
	return "", ""
}

func faultOfWord(value canonical.Value, rule *rule) (code, message string) {
	if len(rule.choices) > 0 {
		return faultOfChoice(value, rule.choices)
	}
	code, message = faultOfText(value, maxText)
	if code == "" && rule.required && len(value.Bytes()) == 0 {
		return "required", "must not be empty"
	}
	return code, message
}

func faultOfText(value canonical.Value, most int) (code, message string) {
	if value.Type() != canonical.String {
		return "invalid", "must be a string"
	}
	if len(value.Bytes()) > most && utf8.RuneCount(value.Bytes()) > most {
		return "too_long", fmt.Sprintf("must have at most %d characters", most)
	}
	return "", ""
}

func faultOfChoice(value canonical.Value, choices []string) (code, message string) {
	if value.Type() == canonical.String {
		for _, choice := range choices {
			if string(value.Bytes()) == choice {
				return "", ""
			}
		}
	}
	return "invalid", fmt.Sprintf("must be one of %q", choices)
}

func faultOfNumber(value canonical.Value, places int, limit int64, signed bool) (code, message string) {
	if value.Type() != canonical.Number {
		return "invalid", "must be a number"
	}
	number, code := canonical.Fixed(value.Bytes(), places, limit)
	switch {
	case code == "too_precise":
		return code, fmt.Sprintf("must have at most %d digits after the point", places)
	case code != "" || number <= -limit:
		return "too_large", "is beyond what can be stored"
	case !signed && number < 0:
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
