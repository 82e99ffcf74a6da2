package organization

import (
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/currency"

	"github.com/interpos/cabinet/internal/fault"
)

// Fields are what a user types into an organization's form.
type Fields struct {
	Name                   string
	TimeZone               string
	Currency               string
	DefaultDeliveryMinutes *int   // nil: not given, which is an error
	DayStartsAt            string // "HH:MM"; "" is midnight
	LegalName              string
	TaxNumber              string
	Address                string
	Phone                  string
}

// Limits of the fields, in characters; of the delivery time, in minutes.
const (
	maxName            = 200
	maxTaxNumber       = 30
	maxAddress         = 500
	maxPhone           = 40
	maxDeliveryMinutes = 1440
)

// checked is fields that have passed.
type checked struct {
	name, timeZone, currency             string
	deliveryMinutes, dayStartsAt         int
	legalName, taxNumber, address, phone string
}

// check trims the fields and holds them against the rules; all that is wrong
// comes back at once.
func (f Fields) check() (checked, error) {
	var broken faults
	c := checked{
		name:      broken.text("name", f.Name, maxName),
		timeZone:  broken.timeZone(f.TimeZone),
		currency:  broken.currency(f.Currency),
		legalName: broken.text("legal_name", f.LegalName, maxName),
		taxNumber: broken.text("tax_number", f.TaxNumber, maxTaxNumber),
		address:   broken.text("address", f.Address, maxAddress),
		phone:     broken.text("phone", f.Phone, maxPhone),
	}
	if c.name == "" {
		broken.add("name", "required", "must not be empty")
	}
	c.deliveryMinutes = broken.deliveryMinutes(f.DefaultDeliveryMinutes)
	c.dayStartsAt = broken.clock("day_starts_at", f.DayStartsAt)
	if len(broken) > 0 {
		return checked{}, fault.Invalid(broken...)
	}
	return c, nil
}

type faults []fault.Field

func (b *faults) add(field, code, message string) {
	*b = append(*b, fault.Field{Field: field, Code: code, Message: message})
}

func (b *faults) text(field, value string, limit int) string {
	value = strings.TrimSpace(value)
	switch {
	case utf8.RuneCountInString(value) > limit:
		b.add(field, "too_long", fmt.Sprintf("must have at most %d characters", limit))
	case strings.ContainsFunc(value, unprintable):
		b.add(field, "invalid", "must not hold control characters")
	}
	return value
}

func unprintable(r rune) bool { return unicode.IsControl(r) && r != '\n' && r != '\r' && r != '\t' }

func (b *faults) timeZone(name string) string {
	if name == "" {
		b.add("time_zone", "required", "must be given")
		return name
	}
	if _, err := time.LoadLocation(name); err != nil || name == "Local" {
		b.add("time_zone", "time_zone", "must be a time zone of the IANA list, such as Europe/Moscow")
	}
	return name
}

// newerCurrencies are those of ISO 4217 that the table of x/text does not have yet.
var newerCurrencies = []string{"MRU", "SLE", "STN", "VED", "VES", "XCG", "ZWG"}

func (b *faults) currency(code string) string {
	if code == "" {
		b.add("currency", "required", "must be given")
		return code
	}
	unit, err := currency.ParseISO(code)
	known := err == nil && unit.String() == code || slices.Contains(newerCurrencies, code)
	if !known {
		b.add("currency", "currency", "must be a currency of ISO 4217, such as RUB")
	}
	return code
}

func (b *faults) deliveryMinutes(minutes *int) int {
	switch {
	case minutes == nil:
		b.add("default_delivery_minutes", "required", "must be given")
		return 0
	case *minutes < 0:
		b.add("default_delivery_minutes", "too_small", "must be at least 0")
	case *minutes > maxDeliveryMinutes:
		b.add("default_delivery_minutes", "too_large", fmt.Sprintf("must be at most %d", maxDeliveryMinutes))
	}
	return *minutes
}

// clock reads "HH:MM" as minutes after midnight.
func (b *faults) clock(field, value string) int {
	if value == "" {
		return 0
	}
	at, err := time.Parse("15:04", value)
	if err != nil || len(value) != len("15:04") {
		b.add(field, "time", "must be a time of day as HH:MM")
		return 0
	}
	return at.Hour()*60 + at.Minute()
}
