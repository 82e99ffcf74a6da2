package source

import "strings"

// Type is what a value is to the database that it came from.
type Type uint8

// Types of values. Times and everything that is none of the others are Text.
const (
	Null Type = iota
	Text
	Number // exact decimal text; a binary float as its shortest text
	Bool   // "true" or "false"
	Blob
)

// Value is one cell as text, which no number is changed by.
type Value struct {
	Type Type
	Text string
}

// IsNull says whether the cell is NULL.
func (v Value) IsNull() bool { return v.Type == Null }

// Key is the value as a key: numbers without superfluous zeros, so that 5,
// 5.00 and '5' name the same thing.
func (v Value) Key() string {
	text := strings.TrimSpace(v.Text)
	if v.Type == Number && strings.Contains(text, ".") && !strings.ContainsAny(text, "eE") {
		return strings.TrimSuffix(strings.TrimRight(text, "0"), ".")
	}
	return text
}

// BoolValue is the value of a truth.
func BoolValue(is bool) Value {
	if is {
		return Value{Bool, "true"}
	}
	return Value{Bool, "false"}
}
