package check

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestATaxNumberIsOneOfItsCountry(t *testing.T) {
	for number, currency := range map[string]string{
		"7701234560":     "RUB", // 2·7+4·7+10·0+3·1+5·2+9·3+4·4+6·5+8·6 = 176 = 16·11
		"500100732259":   "RUB",
		"":               "RUB",
		" 7701234560 ":   "RUB",
		"960440000220":   "KZT",
		"12345678901234": "KGS",
		"123456789":      "UZS",
		"MA1234567":      "BYN",
		"DE 123456789":   "EUR",
		"12-3456789":     "USD",
	} {
		var fields Fields
		fields.TaxNumber("tax_number", number, currency, "")
		require.NoError(t, fields.Err(), "%s %s", currency, number)
	}
	for number, currency := range map[string]string{
		"abc":          "RUB",
		"7701234567":   "RUB", // a wrong check digit
		"77012345600":  "RUB",
		"500100732295": "RUB",
		"500100732269": "RUB",
		"960440000221": "KZT",
		"1234567890":   "KGS",
		"12345678":     "UZS",
		"abc ":         "EUR",
		"1\u202e2":     "EUR",
		"<b>1</b>":     "EUR",
	} {
		var fields Fields
		fields.TaxNumber("tax_number", number, currency, "")
		require.Error(t, fields.Err(), "%s %s", currency, number)
		fields = Fields{}
		fields.TaxNumber("tax_number", number, currency, number)
		if number != "abc " {
			require.NoError(t, fields.Err(), "what was there may stay: %s", number)
		}
	}
}

func TestAPhoneIsANumberThatCanBeDialled(t *testing.T) {
	for _, number := range []string{"", "+7 912 345-67-89", "8 (912) 345-67-89", "+996 555 123456", "+1 202 555 0143", "+44 20 7946 0958"} {
		var fields Fields
		fields.Phone("phone", number, "")
		require.NoError(t, fields.Err(), number)
	}
	for _, number := range []string{"абв", "+7", "112233", "+7 912 345-67-89-10-11-12", "12\n34", "+999 123"} {
		var fields Fields
		fields.Phone("phone", number, "")
		require.Error(t, fields.Err(), number)
	}
	var fields Fields
	fields.Phone("phone", "+7", "+7")
	require.NoError(t, fields.Err())
}
