package check

import (
	"errors"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/interpos/cabinet/internal/fault"
)

func TestFieldsAreHeldAgainstTheirLimits(t *testing.T) {
	minutes := func(n int) func(*Fields) { return func(f *Fields) { f.Number("default_delivery_minutes", &n) } }
	secret := func(value string) func(*Fields) { return func(f *Fields) { f.Secret("password", value) } }
	email := func(value string) func(*Fields) { return func(f *Fields) { f.Email("email", value) } }
	for name, test := range map[string]struct {
		check func(*Fields)
		code  string // "": it passes
	}{
		"a line at its limit":         {func(f *Fields) { f.Line("phone", " "+strings.Repeat("я", 40)+" ") }, ""},
		"a line beyond":               {func(f *Fields) { f.Line("phone", strings.Repeat("1", 41)) }, "too_long"},
		"two lines for one":           {func(f *Fields) { f.Line("phone", "1\n2") }, "invalid"},
		"two lines of a text":         {func(f *Fields) { f.Text("address", "1\n2") }, ""},
		"a NUL":                       {func(f *Fields) { f.Text("address", "1\x002") }, "invalid"},
		"nothing":                     {func(f *Fields) { f.Required("name", "") }, "required"},
		"a password of 8":             {secret("восемь12"), ""},
		"one of 7":                    {secret("семь123"), "too_short"},
		"one of 129":                  {secret(strings.Repeat("я", 129)), "too_long"},
		"no password":                 {secret(""), "required"},
		"an address":                  {email("anna@example.com"), ""},
		"one of 255":                  {email(strings.Repeat("a", 243) + "@example.com"), "too_long"},
		"one whose domain grows":      {email("a@" + strings.Repeat("кофе.", 34) + "рф"), "email"},
		"no domain":                   {email("anna@localhost"), "email"},
		"no address":                  {email(" "), "required"},
		"an address for a relay":      {email("a%40evil.org@x.org"), "email"},
		"a path of hosts":             {email("evil.org!a@x.org"), "email"},
		"a quoted name":               {email(`"a b"@x.org`), "email"},
		"two addresses":               {email("a@x.org,b@y.org"), "email"},
		"a line in an address":        {email("a@x.org\r\nBcc: b@y.org"), "email"},
		"a hidden hyphen in a domain": {email("a@exam\u00adple.org"), "invisible"},
		"a name turned around":        {func(f *Fields) { f.Line("full_name", "Anna\u202egpj") }, "invisible"},
		"an isolate":                  {func(f *Fields) { f.Text("name", "a\u2066b") }, "invisible"},
		"a family and a firefighter": {func(f *Fields) {
			f.Text("name", "Кафе 👨\u200d👩\u200d👧 👩🏽\u200d🚒 🏳\ufe0f\u200d🌈")
		}, ""},
		"a joiner between letters":    {func(f *Fields) { f.Text("name", "a\u200db") }, "invisible"},
		"a joiner after an emoji":     {func(f *Fields) { f.Text("name", "👨\u200d") }, "invisible"},
		"two joiners":                 {func(f *Fields) { f.Text("name", "👨\u200d\u200d👩") }, "invisible"},
		"a zero width":                {func(f *Fields) { f.Text("name", "a\u200bb") }, "invisible"},
		"nothing but a filler":        {func(f *Fields) { f.Line("full_name", "\u3164") }, "invisible"},
		"a blank that is none":        {func(f *Fields) { f.Line("full_name", "\u2800") }, "invisible"},
		"a separator of lines":        {func(f *Fields) { f.Text("address", "a\u2028b") }, "invisible"},
		"letters with marks, emoji":   {func(f *Fields) { f.Text("name", "Кафе «Й» ☕\ufe0f и́ 東京") }, ""},
		"a language":                  {func(f *Fields) { f.Word("locale", "ru") }, ""},
		"another":                     {func(f *Fields) { f.Word("locale", "tlh") }, "invalid"},
		"a number at its limit":       {minutes(1440), ""},
		"a number beyond":             {minutes(1441), "too_large"},
		"a number below":              {minutes(-1), "too_small"},
		"no number":                   {func(f *Fields) { f.Number("default_delivery_minutes", nil) }, "required"},
		"an id":                       {func(f *Fields) { f.ID("device_id", "0190a2c4-7b1e-7c3a-9d55-3f1f0a6f2b11") }, ""},
		"an id in capitals":           {func(f *Fields) { f.ID("device_id", "0190A2C4-7B1E-7C3A-9D55-3F1F0A6F2B11") }, "invalid"},
		"no id":                       {func(f *Fields) { f.ID("device_id", "17") }, "invalid"},
		"an id that was not given":    {func(f *Fields) { f.ID("device_id", "") }, "required"},
		"a field that has no limit":   {func(f *Fields) { f.Line("remark", strings.Repeat("x", 10_000)) }, ""},
		"midnight, which is left out": {func(f *Fields) { f.TimeOfDay("day_starts_at", "") }, ""},
	} {
		var fields Fields
		test.check(&fields)
		if test.code == "" {
			require.NoError(t, fields.Err(), name)
			continue
		}
		var broken *fault.Error
		require.True(t, errors.As(fields.Err(), &broken), name)
		require.Equal(t, fault.ValidationFailed, broken.Code)
		require.Len(t, broken.Fields, 1, name)
		require.Equal(t, test.code, broken.Fields[0].Code, name)
	}
}

func TestWhatPassesIsGivenAsItIsKept(t *testing.T) {
	var fields Fields
	require.Equal(t, "+7 900", fields.Line("phone", " +7 900 "))
	require.Equal(t, "Anna@xn--e1ajmy.xn--p1ai", fields.Email("email", " Anna@кофе.рф "))
	require.Equal(t, "Anna@Example.com", fields.Email("email", "Anna@Example.com"))
	require.Equal(t, 6*60+30, fields.TimeOfDay("day_starts_at", "06:30"))
	require.NoError(t, fields.Err())
}

func TestAnAddressOfBeforeIsKnownAndNotTaken(t *testing.T) {
	for _, address := range []string{"anna%bistro@example.com", "anna!bistro@example.com"} {
		var known, taken Fields
		require.Equal(t, address, known.KnownEmail("email", address))
		require.NoError(t, known.Err())
		taken.Email("email", address)
		require.Error(t, taken.Err())
	}
	var fields Fields
	fields.KnownEmail("email", "nobody")
	require.Error(t, fields.Err())
}

func TestGoodAddressesPass(t *testing.T) {
	for given, kept := range map[string]string{
		" anna@example.com ":       "anna@example.com",
		"Anna.P+cabinet@Mail.RU":   "Anna.P+cabinet@Mail.RU",
		"o'neill_x@sub.example.co": "o'neill_x@sub.example.co",
		"анна@example.com":         "",
		"anna@почта.рф":            "anna@xn--80a1acny.xn--p1ai",
	} {
		var fields Fields
		require.Equal(t, kept, fields.Email("email", given))
		require.Equal(t, kept == "", fields.Err() != nil)
	}
}
