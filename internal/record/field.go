package record

// Field is one field of a kind. Fields that a kind does not name are kept as
// they are.
type Field struct {
	Name     string
	Type     Type
	Required bool     // a record without it is refused: it does not say what it is
	Wanted   bool     // a record should have it, but is taken without
	Kind     string   // of a reference: the kind that it points to
	Choices  []string // of a word: those that are known
	Decisive bool     // of a word: any other than its choices is refused, since it says what the record is
	Fields   []Field  // of a list: those of its items
	Gives    string   // what figures have of it, and lack of a source that never fills it; English
	Note     string   // what an integrator has to know beside name and type; English

	Role   Role   // where a list of records shows it; "" for nowhere
	Column string // the column of the projected lists that it fills, by which they sort and filter; "" for none
	Sort   bool   // lists are sorted by it
	Filter bool   // lists are filtered by it
	Search bool   // its words are searched for
	Export bool   // files of the list have a column of it
}

// Role is the place of a field in a list: a column on a wide screen, and on a
// phone, where each record is an entry, as follows.
type Role string

// The places in an entry.
const (
	AsTitle  Role = "title"  // the entry's first words
	AsValue  Role = "value"  // the figure at the right of the title
	AsLine   Role = "line"   // below, with its name
	AsPlain  Role = "plain"  // below, without its name
	AsHidden Role = "hidden" // on wide screens only
)
