package organization

import (
	"errors"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/interpos/cabinet/internal/fault"
)

func TestFieldsAreHeldAgainstTheRules(t *testing.T) {
	minutes := func(n int) func(*Fields) { return func(f *Fields) { f.DefaultDeliveryMinutes = &n } }
	for name, test := range map[string]struct {
		change func(*Fields)
		field  string
		code   string
	}{
		"no name":              {func(f *Fields) { f.Name = "" }, "name", "required"},
		"a blank name":         {func(f *Fields) { f.Name = " \t\u00a0 " }, "name", "required"},
		"a name of 201":        {func(f *Fields) { f.Name = strings.Repeat("я", 201) }, "name", "too_long"},
		"a name with NUL":      {func(f *Fields) { f.Name = "a\x00b" }, "name", "invalid"},
		"no time zone":         {func(f *Fields) { f.TimeZone = "" }, "time_zone", "required"},
		"an invented zone":     {func(f *Fields) { f.TimeZone = "Mars/Olympus" }, "time_zone", "time_zone"},
		"the server's zone":    {func(f *Fields) { f.TimeZone = "Local" }, "time_zone", "time_zone"},
		"a path as zone":       {func(f *Fields) { f.TimeZone = "../../etc/passwd" }, "time_zone", "time_zone"},
		"no currency":          {func(f *Fields) { f.Currency = "" }, "currency", "required"},
		"a small currency":     {func(f *Fields) { f.Currency = "rub" }, "currency", "currency"},
		"a withdrawn currency": {func(f *Fields) { f.Currency = "DEM" }, "currency", "currency"},
		"gold":                 {func(f *Fields) { f.Currency = "XAU" }, "currency", "currency"},
		"no currency at all":   {func(f *Fields) { f.Currency = "XXX" }, "currency", "currency"},
		"the machine's zone":   {func(f *Fields) { f.TimeZone = "localtime" }, "time_zone", "time_zone"},
		"leap seconds":         {func(f *Fields) { f.TimeZone = "right/Europe/Moscow" }, "time_zone", "time_zone"},
		"an invented currency": {func(f *Fields) { f.Currency = "ABC" }, "currency", "currency"},
		"no delivery time":     {func(f *Fields) { f.DefaultDeliveryMinutes = nil }, "default_delivery_minutes", "required"},
		"a delivery at once":   {minutes(0), "default_delivery_minutes", "too_small"},
		"a negative one":       {minutes(-1), "default_delivery_minutes", "too_small"},
		"one over a day":       {minutes(1441), "default_delivery_minutes", "too_large"},
		"a day from 24:00":     {func(f *Fields) { f.DayStartsAt = "24:00" }, "day_starts_at", "time"},
		"a day from 6:00":      {func(f *Fields) { f.DayStartsAt = "6:00" }, "day_starts_at", "time"},
		"a long tax number":    {func(f *Fields) { f.TaxNumber = strings.Repeat("1", 31) }, "tax_number", "too_long"},
		"a long address":       {func(f *Fields) { f.Address = strings.Repeat("1", 501) }, "address", "too_long"},
		"no tax number":        {func(f *Fields) { f.TaxNumber = "abc" }, "tax_number", "tax_number"},
		"no phone":             {func(f *Fields) { f.Phone = "абв" }, "phone", "phone"},
		"a long phone":         {func(f *Fields) { f.Phone = strings.Repeat("1", 41) }, "phone", "too_long"},
		"a long legal name":    {func(f *Fields) { f.LegalName = strings.Repeat("1", 201) }, "legal_name", "too_long"},
	} {
		t.Run(name, func(t *testing.T) {
			f := fields()
			test.change(&f)
			_, err := f.checkFields(organizationRow{})
			var broken *fault.Error
			require.True(t, errors.As(err, &broken))
			require.Equal(t, fault.ValidationFailed, broken.Code)
			require.Len(t, broken.Fields, 1)
			require.Equal(t, test.field, broken.Fields[0].Field)
			require.Equal(t, test.code, broken.Fields[0].Code)
		})
	}
}

func TestAllThatIsWrongIsSaidAtOnce(t *testing.T) {
	_, err := Fields{}.checkFields(organizationRow{})
	var broken *fault.Error
	require.True(t, errors.As(err, &broken))
	require.Len(t, broken.Fields, 4)
}

func TestGoodFieldsPass(t *testing.T) {
	for _, zone := range []string{"Europe/Moscow", "UTC", "Asia/Kathmandu", "America/Argentina/Buenos_Aires", "Etc/GMT+5"} {
		f := fields()
		f.TimeZone, f.DayStartsAt = zone, "23:59"
		values, err := f.checkFields(organizationRow{})
		require.NoError(t, err)
		require.Equal(t, 23*60+59, values.dayStartsAt)
	}
	for _, currency := range []string{"RUB", "KZT", "USD", "EUR", "JPY", "BHD", "UZS", "XCG", "VES"} {
		f := fields()
		f.Currency = currency
		_, err := f.checkFields(organizationRow{})
		require.NoError(t, err, currency)
	}
}
