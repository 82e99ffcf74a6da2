package check

import (
	"time"

	"github.com/interpos/cabinet/internal/currency"
	"github.com/interpos/cabinet/internal/zonetime"
)

// TimeZone is a name of the IANA list, or the one that there is already.
func (f *Fields) TimeZone(field, name, before string) string {
	if !f.Required(field, name) || name == before {
		return name
	}
	if _, err := zonetime.Load(name); err != nil {
		f.Add(field, "time_zone", "must be a time zone of the IANA list, such as Europe/Moscow")
	}
	return name
}

// Currency is a code of ISO 4217 that one can pay with today, or the one that there
// is already: it may have been withdrawn since.
func (f *Fields) Currency(field, code, before string) string {
	if f.Required(field, code) && code != before && !currency.IsCurrent(code) {
		f.Add(field, "currency", "must be a current currency of ISO 4217, such as RUB")
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
