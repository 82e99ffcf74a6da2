package check

import "github.com/nyaruka/phonenumbers"

// homeRegion is whose numbers may be written as one dials them there: 8 912 345-67-89.
const homeRegion = "RU"

// Phone is a telephone number as it was typed, trimmed: with + and the country's code, or as
// it is dialled in Russia and Kazakhstan. None may be given, and the one that was there before
// may stay. What is possible is libphonenumber's.
func (f *Fields) Phone(field, value, before string) string {
	wrong := len(f.broken)
	value = f.Line(field, value)
	if value == "" || value == before || len(f.broken) > wrong {
		return value
	}
	number, err := phonenumbers.Parse(value, homeRegion)
	if err != nil || !phonenumbers.IsPossibleNumber(number) {
		f.Add(field, "phone", "must be a telephone number with the code of its country, such as +7 912 345-67-89")
	}
	return value
}
