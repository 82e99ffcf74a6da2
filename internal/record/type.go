package record

// Type is what a field holds. The same words are used by checks, by the API and
// its specification, by screens and by files.
type Type uint8

// The types of fields.
const (
	Text      Type = iota // usually a line
	LongText              // usually some lines
	Word                  // one of the field's choices, or of those that a newer local system knows; where it names none, a text
	Boolean               // true or false
	Money                 // number of up to 11 digits before the point
	Quantity              // number of up to 9 digits before the point, and 6 counted behind it
	Percent               // number of up to 9 digits before the point: 12.5 is 12.5 %
	Integer               // whole number of up to 9 digits
	Moment                // RFC 3339 time with an offset
	Date                  // YYYY-MM-DD
	Texts                 // list of texts
	Reference             // UUID of a record of the field's kind
	ID                    // UUID of a list's item itself
	List                  // list of objects with the field's fields
	Color                 // text: a colour as the source writes it, such as #a1b2c3
	URL                   // text: an address of the web
	Phone                 // text
	Email                 // text
)

var typeNames = [...]string{
	Text: "text", LongText: "long_text", Word: "word", Boolean: "boolean", Money: "money", Quantity: "quantity",
	Percent: "percent", Integer: "integer", Moment: "moment", Date: "date", Texts: "texts", Reference: "reference",
	ID: "id", List: "list", Color: "color", URL: "url", Phone: "phone", Email: "email",
}

// TypeNames are the words of all types, in their order.
func TypeNames() []string { return typeNames[:] }

// String is the type's word in the API.
func (t Type) String() string { return typeNames[t] }

// Shape is how a value is written in JSON: what one who makes records from a
// foreign database has to know of a field.
type Shape uint8

// The shapes of values.
const (
	TextShape    Shape = iota // string
	NumberShape               // number, an exact decimal
	BoolShape                 // true or false
	InstantShape              // string, RFC 3339 with an offset
	DateShape                 // string, YYYY-MM-DD
	IDShape                   // string, a UUID
	TextsShape                // list of strings
	ListShape                 // list of objects
)

// Shape is that of the type's values.
func (t Type) Shape() Shape {
	switch t {
	case Integer, Money, Quantity, Percent:
		return NumberShape
	case Boolean:
		return BoolShape
	case Moment:
		return InstantShape
	case Date:
		return DateShape
	case Reference, ID:
		return IDShape
	case Texts:
		return TextsShape
	case List:
		return ListShape
	default:
		return TextShape
	}
}
