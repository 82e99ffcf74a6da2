package organization

import "github.com/interpos/cabinet/internal/check"

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

// checked is fields that have passed.
type checked struct {
	name, timeZone, currency             string
	deliveryMinutes, dayStartsAt         int
	legalName, taxNumber, address, phone string
}

// checkFields trims the fields and holds them against the rules; all that is wrong
// comes back at once. What the organization has already (before) may stay, be it withdrawn
// since, or older than its rule.
func (f Fields) checkFields(before organizationRow) (checked, error) {
	var fields check.Fields
	c := checked{
		name:            fields.Text("name", f.Name),
		timeZone:        fields.TimeZone("time_zone", f.TimeZone, before.TimeZone),
		currency:        fields.Currency("currency", f.Currency, before.Currency),
		legalName:       fields.Text("legal_name", f.LegalName),
		taxNumber:       fields.TaxNumber("tax_number", f.TaxNumber, f.Currency, before.TaxNumber),
		address:         fields.Text("address", f.Address),
		phone:           fields.Phone("phone", f.Phone, before.Phone),
		deliveryMinutes: fields.Number("default_delivery_minutes", f.DefaultDeliveryMinutes),
		dayStartsAt:     fields.TimeOfDay("day_starts_at", f.DayStartsAt),
	}
	fields.Required("name", c.name)
	return c, fields.Err()
}
