package source

import (
	"strconv"
	"strings"
)

// Type is what a value is to the database that it came from.
type Type uint8

// Types of values. Times and everything that is none of the others are Text.
const (
	Null Type = iota
	Text
	Number // exact decimal text; a binary float as its shortest text
	Bool   // "true" or "false"
	Blob
	Tuple // several values that are one key; its Text only serves Parts
)

// Value is one cell as text, which no number is changed by.
type Value struct {
	Type Type
	Text string
}

// IsNull says whether the cell is NULL.
func (v Value) IsNull() bool { return v.Type == Null }

// TupleOf is the value of a key of several columns. That of one is the value itself.
func TupleOf(parts []Value) Value {
	if len(parts) == 1 {
		return parts[0]
	}
	var b strings.Builder
	for _, part := range parts {
		b.WriteString(strconv.Itoa(int(part.Type)) + ":" + strconv.Itoa(len(part.Text)) + ":" + part.Text)
	}
	return Value{Tuple, b.String()}
}

// Parts are the values that TupleOf was given.
func (v Value) Parts() []Value {
	if v.Type != Tuple {
		return []Value{v}
	}
	var parts []Value
	for rest := v.Text; rest != ""; {
		kind, after, _ := strings.Cut(rest, ":")
		length, text, _ := strings.Cut(after, ":")
		of, _ := strconv.Atoi(kind)
		size, _ := strconv.Atoi(length)
		parts, rest = append(parts, Value{Type(of), text[:size]}), text[size:]
	}
	return parts
}

// HasKey says whether the value can be a key: no part of it is NULL or blank.
func (v Value) HasKey() bool {
	if v.Type != Tuple {
		return v.Type != Null && v.Key() != ""
	}
	for _, part := range v.Parts() {
		if !part.HasKey() {
			return false
		}
	}
	return true
}

var keySeparator = strings.NewReplacer(`\`, `\\`, "/", `\/`)

// Key is the value as a key: numbers without superfluous zeros, so that 5,
// 5.00 and '5' name the same thing. Parts of a tuple have slashes between them.
func (v Value) Key() string {
	if v.Type == Tuple {
		parts := v.Parts()
		keys := make([]string, len(parts))
		for i, part := range parts {
			keys[i] = keySeparator.Replace(part.Key())
		}
		return strings.Join(keys, "/")
	}
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
