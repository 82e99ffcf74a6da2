package canonical

import (
	"iter"
	"math"
)

// Type is what a JSON value is.
type Type uint8

// The types of JSON values; the zero Value is null.
const (
	Null Type = iota
	False
	True
	Number
	String
	Array
	Object
)

// Value is one parsed JSON value (RFC 8259). Texts are decoded, numbers stay
// the literals that were sent, members are sorted as RFC 8785 wants them. It
// refers to the parsed bytes and to its parser's memory.
type Value struct {
	kind    Type
	escaped bool     // of a string: text differs from what was sent
	text    []byte   // of a string or number
	members []Member // of an object, or of an array (without names)
}

// Member is one name and value of an object, or an element of an array, which has
// no name.
type Member struct {
	Name  []byte
	Value Value
}

// Type is what the value is.
func (v Value) Type() Type { return v.kind }

// IsObject says whether the value is a JSON object.
func (v Value) IsObject() bool { return v.kind == Object }

// IsNull says whether the value is null, which counts as left out.
func (v Value) IsNull() bool { return v.kind == Null }

// Text is the string's text; ok is false for any other type.
func (v Value) Text() (text string, ok bool) { return string(v.text), v.kind == String }

// Bytes are the decoded text of a string, or the literal of a number; nil for any
// other type. They are the parser's own: not to be changed or kept.
func (v Value) Bytes() []byte { return v.text }

// Bool is the boolean's value; ok is false for any other type.
func (v Value) Bool() (value, ok bool) { return v.kind == True, v.kind == True || v.kind == False }

// Literal is the number as it was written; ok is false for any other type.
func (v Value) Literal() (literal string, ok bool) { return string(v.text), v.kind == Number }

// Get is the member of an object by its name; ok is false where it is left out
// or null.
func (v Value) Get(name string) (member Value, ok bool) {
	if v.kind != Object {
		return Value{}, false
	}
	for i := range v.members {
		if string(v.members[i].Name) == name {
			return v.members[i].Value, v.members[i].Value.kind != Null
		}
	}
	return Value{}, false
}

// Members are those of an object, sorted by their names, or the elements of an
// array; nil for any other type.
func (v Value) Members() []Member { return v.members }

// Count is a whole number from 1 that fits 63 bits; ok is false for any other value.
func (v Value) Count() (count int64, ok bool) {
	if v.kind != Number {
		return 0, false
	}
	count, problem := Fixed(v.text, 0, math.MaxInt64)
	return count, problem == "" && count > 0
}

// Elements yields the elements of an array; of any other value, nothing.
func (v Value) Elements() iter.Seq[Value] {
	return func(yield func(Value) bool) {
		if v.kind != Array {
			return
		}
		for i := range v.members {
			if !yield(v.members[i].Value) {
				return
			}
		}
	}
}

// Fields yields the names and values of an object; of any other value, nothing.
func (v Value) Fields() iter.Seq2[string, Value] {
	return func(yield func(string, Value) bool) {
		if v.kind != Object {
			return
		}
		for i := range v.members {
			if !yield(string(v.members[i].Name), v.members[i].Value) {
				return
			}
		}
	}
}
