package record

// Shape is how a field's value is written in JSON: what one who makes records
// from a foreign database has to know of a field.
type Shape uint8

// The shapes of fields.
const (
	TextShape    Shape = iota // string
	NumberShape               // number, an exact decimal
	BoolShape                 // true or false
	InstantShape              // string, RFC 3339 with an offset
	DateShape                 // string, YYYY-MM-DD
	IDShape                   // string, a UUID
	TextsShape                // list of strings
	ListShape                 // list of objects with Fields
)

// Shape is that of the field's values.
func (f Field) Shape() Shape {
	switch f.Type {
	case integer, money, amount, quantity, measure:
		return NumberShape
	case boolean:
		return BoolShape
	case instant:
		return InstantShape
	case date:
		return DateShape
	case id:
		return IDShape
	case texts:
		return TextsShape
	case list:
		return ListShape
	default:
		return TextShape
	}
}
