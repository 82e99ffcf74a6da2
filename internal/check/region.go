package check

import (
	"slices"
	"time"

	"golang.org/x/text/currency"

	"github.com/interpos/cabinet/internal/zonetime"
)

// TimeZone is a name of the IANA list.
func (f *Fields) TimeZone(field, name string) string {
	if !f.Required(field, name) {
		return name
	}
	if _, err := zonetime.Load(name); err != nil {
		f.Add(field, "time_zone", "must be a time zone of the IANA list, such as Europe/Moscow")
	}
	return name
}

// newerCurrencies are those of ISO 4217 that the table of x/text does not have yet.
var newerCurrencies = []string{"MRU", "SLE", "STN", "VED", "VES", "XCG", "ZWG"}

// Currency is a code of ISO 4217.
func (f *Fields) Currency(field, code string) string {
	if !f.Required(field, code) {
		return code
	}
	unit, err := currency.ParseISO(code)
	known := err == nil && unit.String() == code || slices.Contains(newerCurrencies, code)
	if !known {
		f.Add(field, "currency", "must be a currency of ISO 4217, such as RUB")
	}
	return code
}

// TimeOfDay reads "HH:MM" as minutes after midnight; "" is midnight.
func (f *Fields) TimeOfDay(field, value string) int {
	if value == "" {
		return 0
	}
	at, err := time.Parse("15:04", value)
	if err != nil || len(value) != len("15:04") {
		f.Add(field, "time", "must be a time of day as HH:MM")
		return 0
	}
	return at.Hour()*60 + at.Minute()
}
