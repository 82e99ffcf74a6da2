package record

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"

	"github.com/interpos/cabinet/internal/canonical"
)

// maxFaults is how many faults of a record are listed.
const maxFaults = 20

// reporter takes one broken rule.
type reporter func(path, code, message string)

// rule is what a check has to know of a field.
type rule struct {
	name     string
	holds    Type
	required bool
	missing  string // the remark where it is left out or empty; "": none
	choices  []string
	decisive bool
	items    []rule
}

// rulesOf are the rules of fields, sorted by their names.
func rulesOf(fields []Field) []rule {
	rules := make([]rule, len(fields))
	for i, f := range fields {
		rules[i] = rule{f.Name, f.Type, f.Required, remarkWithout(f), f.Choices, f.Decisive, rulesOf(f.Fields)}
	}
	slices.SortFunc(rules, func(a, b rule) int { return strings.Compare(a.name, b.name) })
	return rules
}

// remarkWithout is the remark of a record that lacks a field.
func remarkWithout(field Field) string {
	switch {
	case field.Wanted && field.Name == "name":
		return NameMissing
	case field.Wanted && field.Name == "number":
		return NumberMissing
	}
	return ""
}

// place is where in a record a field stands; its text is made only when it is needed.
type place struct {
	within *place // nil: in the record itself
	list   string
	item   int
}

func (p *place) path(name string) string {
	if p == nil {
		return name
	}
	path := p.within.path(p.list) + "[" + strconv.Itoa(p.item) + "]"
	if name != "" {
		path += "." + name
	}
	return path
}

// checkFields walks the members and the rules side by side: both are sorted.
func (e *examination) checkFields(in *place, object canonical.Value, rules []rule) {
	members := object.Members()
	for i := range rules {
		rule := &rules[i]
		for len(members) > 0 && string(members[0].Name) < rule.name {
			members = members[1:]
		}
		given := len(members) > 0 && !members[0].Value.IsNull() && string(members[0].Name) == rule.name
		switch {
		case given:
			e.checkValue(in, members[0].Value, rule)
		case rule.required:
			e.addFault(in.path(rule.name), "required", "must be given")
		}
		if rule.missing != "" && (!given || len(members[0].Value.Bytes()) == 0) {
			e.addRemark(rule.missing, in.path(rule.name), "", "")
		}
	}
}

func (e *examination) checkValue(in *place, value canonical.Value, rule *rule) {
	if code, message := faultOf(value, rule); code != "" {
		e.addFault(in.path(rule.name), code, message)
		return
	}
	switch rule.holds {
	case Quantity:
		e.remarkRounding(in, value, rule)
	case Word:
		e.remarkWord(in, value, rule)
	case List, Texts:
		e.checkItems(in, value, rule)
	}
}

func (e *examination) checkItems(in *place, list canonical.Value, rule *rule) {
	items := list.Members()
	at := place{within: in, list: rule.name}
	for at.item = range items {
		item := items[at.item].Value
		switch {
		case rule.holds == Texts && item.Type() != canonical.String:
			e.addFault(at.path(""), "invalid", "must be a string")
		case rule.holds == List && !item.IsObject():
			e.addFault(at.path(""), "invalid", "must be an object")
		case rule.holds == List:
			e.checkFields(&at, item, rule.items)
		}
	}
}

// remarkRounding remarks a quantity that has more digits than are counted.
func (e *examination) remarkRounding(in *place, quantity canonical.Value, rule *rule) {
	if _, problem := canonical.Fixed(quantity.Bytes(), quantityDigits, maxQuantity); problem != "" {
		number := exactOf(quantity, quantityDigits).decimal()
		e.addRemark(QuantityRounded, in.path(rule.name), number.Round(quantityDigits).String(), number.String())
	}
}

// remarkWord remarks a word that is none of a field's choices.
func (e *examination) remarkWord(in *place, word canonical.Value, rule *rule) {
	if len(rule.choices) > 0 && !isChoice(word, rule.choices) {
		given, _ := word.Text()
		e.addRemark(UnknownWord, in.path(rule.name), strings.Join(rule.choices, ", "), shortened(given))
	}
}

func isChoice(word canonical.Value, choices []string) bool {
	for _, choice := range choices {
		if string(word.Bytes()) == choice {
			return true
		}
	}
	return false
}

// shortened cuts a text that a remark quotes.
func shortened(text string) string {
	const most = 100
	if utf8.RuneCountInString(text) > most {
		return string([]rune(text)[:most]) + "…"
	}
	return text
}

// faultOf is why a value cannot be read as what its field holds, or "".
func faultOf(value canonical.Value, rule *rule) (code, message string) {
	switch rule.holds {
	case Reference, ID:
		if !isID(value.Bytes()) || value.Type() != canonical.String {
			return "uuid", "must be a UUID"
		}
	case Boolean:
		if _, ok := value.Bool(); !ok {
			return "invalid", "must be true or false"
		}
	case Integer:
		return faultOfNumber(value, integerDigits, 0)
	case Money:
		return faultOfNumber(value, moneyWhole, maxPlaces)
	case Quantity, Percent:
		return faultOfNumber(value, quantityWhole, maxPlaces)
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
	default: // Text, and what is written as one
		return faultOfText(value, rule)
	}
	return "", ""
}

func faultOfText(value canonical.Value, rule *rule) (code, message string) {
	switch {
	case value.Type() != canonical.String:
		return "invalid", "must be a string"
	case rule.decisive && !isChoice(value, rule.choices):
		return "invalid", fmt.Sprintf("must be one of %q", rule.choices)
	}
	return "", ""
}

// faultOfNumber holds a number to its digits before and behind the point.
func faultOfNumber(value canonical.Value, whole, places int) (code, message string) {
	if value.Type() != canonical.Number {
		return "invalid", "must be a number"
	}
	switch problem := canonical.Range(value.Bytes(), whole, places); problem {
	case canonical.TooPrecise:
		return problem, fmt.Sprintf("must have at most %d digits after the point", places)
	case canonical.TooLarge:
		return problem, fmt.Sprintf("must have at most %d digits before the point", whole)
	}
	return "", ""
}

// isID says whether a text is the 36 character form of a UUID.
func isID(text []byte) bool {
	if len(text) != 36 {
		return false
	}
	_, err := uuid.ParseBytes(text)
	return err == nil
}
