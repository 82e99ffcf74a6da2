package record

import "github.com/interpos/cabinet/internal/canonical"

// fieldType is what a field holds; check.go has the rule of each.
type fieldType uint8

const (
	text     fieldType = iota // up to 500 characters
	longText                  // up to 10,000 characters
	id                        // UUID
	boolean
	integer  // whole number, 0 to 2,147,483,647
	money    // 4 fraction digits, may be negative
	amount   // money that is not negative
	quantity // 6 fraction digits, may be negative
	measure  // quantity that is not negative
	instant  // RFC 3339 time with an offset
	date     // YYYY-MM-DD
	word     // one of a list
	texts    // list of texts
	list     // list of objects
)

// Field is one field of a kind. Fields that a kind does not name are kept as
// they are.
type Field struct {
	Name     string
	Type     fieldType
	Required bool
	Words    []string // of a word
	Fields   []Field  // of a list's objects
}

// Kind is what can be synchronized.
type Kind struct {
	Name     string
	Document bool   // else it is a directory
	Module   string // the licensed module it needs, or ""
	Shared   bool   // several sides write it: a change must name the version that it was made from
	Fields   []Field
	rules    func(v canonical.Value, minorDigits int, report reporter) // beyond the fields' own
	steps    func(before, after canonical.Value, report reporter)      // what may follow upon what
}

func need(f Field) Field {
	f.Required = true
	return f
}

func of(t fieldType, names ...string) []Field {
	fields := make([]Field, len(names))
	for i, name := range names {
		fields[i] = Field{Name: name, Type: t}
	}
	return fields
}

func required(t fieldType, names ...string) []Field {
	fields := of(t, names...)
	for i := range fields {
		fields[i].Required = true
	}
	return fields
}

func oneOf(name string, words ...string) Field { return Field{Name: name, Type: word, Words: words} }

func listOf(name string, groups ...[]Field) Field {
	return Field{Name: name, Type: list, Fields: fields(groups...)}
}

func fields(groups ...[]Field) []Field {
	var all []Field
	for _, group := range groups {
		all = append(all, group...)
	}
	return all
}

func one(f Field) []Field { return []Field{f} }
