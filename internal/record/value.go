package record

import "math"

// Kind of a JSON value.
type valueKind uint8

const (
	isNull valueKind = iota
	isFalse
	isTrue
	isNumber
	isString
	isArray
	isObject
)

// Value is one parsed JSON value (RFC 8259). Texts are decoded, numbers stay
// the literals that were sent, members are sorted as RFC 8785 wants them. It
// refers to the parsed bytes and to its parser's memory.
type Value struct {
	kind    valueKind
	escaped bool     // of a string: text differs from what was sent
	text    []byte   // of a string or number
	members []Member // of an object, or of an array (without names)
}

// Member is one name and value of an object.
type Member struct {
	name  []byte
	value Value
}

// IsObject says whether the value is a JSON object.
func (v Value) IsObject() bool { return v.kind == isObject }

// IsNull says whether the value is null, which counts as left out.
func (v Value) IsNull() bool { return v.kind == isNull }

// Text is the string's text; ok is false for any other type.
func (v Value) Text() (text string, ok bool) { return string(v.text), v.kind == isString }

// Bool is the boolean's value; ok is false for any other type.
func (v Value) Bool() (value, ok bool) {
	return v.kind == isTrue, v.kind == isTrue || v.kind == isFalse
}

// Literal is the number as it was written; ok is false for any other type.
func (v Value) Literal() (literal string, ok bool) { return string(v.text), v.kind == isNumber }

// Get is the member of an object by its name; ok is false where it is left out
// or null.
func (v Value) Get(name string) (member Value, ok bool) {
	if v.kind != isObject {
		return Value{}, false
	}
	for i := range v.members {
		if string(v.members[i].name) == name {
			return v.members[i].value, v.members[i].value.kind != isNull
		}
	}
	return Value{}, false
}

// items are the elements of an array.
func (v Value) items() []Member {
	if v.kind != isArray {
		return nil
	}
	return v.members
}

// Count is a whole number from 1 that fits 63 bits; ok is false for any other value.
func (v Value) Count() (count int64, ok bool) {
	if v.kind != isNumber {
		return 0, false
	}
	count, code := fixed(v.text, 0, math.MaxInt64)
	return count, code == "" && count > 0
}
