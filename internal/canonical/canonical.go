// Package canonical is JSON as its hash covers it: a parser that keeps every digit,
// the canonical form (RFC 8785), and the hash of a record. It imports nothing of the
// house.
package canonical

import (
	"crypto/sha256"
	"math"
	"strconv"

	"github.com/google/uuid"
)

// Append appends the canonical JSON of the value (RFC 8785: sorted
// names, no white space, shortest strings and numbers). exact is false where a
// number has more digits than an IEEE 754 double holds, so that its canonical
// form would denote another number.
func Append(dst []byte, v Value) (canonical []byte, exact bool) {
	switch v.kind {
	case Null:
		return append(dst, "null"...), true
	case False:
		return append(dst, "false"...), true
	case True:
		return append(dst, "true"...), true
	case String:
		return appendText(dst, v.text, v.escaped), true
	case Number:
		return appendNumber(dst, v.text)
	case Array:
		return appendArray(dst, v)
	}
	return appendObject(dst, v)
}

func appendArray(dst []byte, v Value) ([]byte, bool) {
	exact := true
	dst = append(dst, '[')
	for i := range v.members {
		if i > 0 {
			dst = append(dst, ',')
		}
		ok := false
		dst, ok = Append(dst, v.members[i].Value)
		exact = exact && ok
	}
	return append(dst, ']'), exact
}

func appendObject(dst []byte, v Value) ([]byte, bool) {
	exact := true
	dst = append(dst, '{')
	for i := range v.members {
		if i > 0 {
			dst = append(dst, ',')
		}
		ok := false
		dst = append(appendText(dst, v.members[i].Name, true), ':')
		dst, ok = Append(dst, v.members[i].Value)
		exact = exact && ok
	}
	return append(dst, '}'), exact
}

// appendText writes a string. One that was sent without escapes needs none.
func appendText(dst, text []byte, escaped bool) []byte {
	dst = append(dst, '"')
	if !escaped || isPlain(text) {
		return append(append(dst, text...), '"')
	}
	const hex = "0123456789abcdef"
	for _, c := range text {
		switch {
		case c == '"' || c == '\\':
			dst = append(dst, '\\', c)
		case c >= ' ':
			dst = append(dst, c)
		case c == '\b':
			dst = append(dst, '\\', 'b')
		case c == '\t':
			dst = append(dst, '\\', 't')
		case c == '\n':
			dst = append(dst, '\\', 'n')
		case c == '\f':
			dst = append(dst, '\\', 'f')
		case c == '\r':
			dst = append(dst, '\\', 'r')
		default:
			dst = append(dst, '\\', 'u', '0', '0', hex[c>>4], hex[c&15])
		}
	}
	return append(dst, '"')
}

// isPlain says whether a text is written without escapes.
func isPlain(text []byte) bool {
	for _, c := range text {
		if c < ' ' || c == '"' || c == '\\' {
			return false
		}
	}
	return true
}

// appendNumber writes a number as ECMAScript does (RFC 8785, 3.2.2.3). The plain
// decimals of money and quantities, up to 15 digits, never pass a float.
func appendNumber(dst, literal []byte) (canonical []byte, exact bool) {
	if plain, ok := plainDecimal(literal); ok {
		return append(dst, plain...), true
	}
	double, err := strconv.ParseFloat(string(literal), 64)
	if err != nil || math.IsInf(double, 0) {
		return append(dst, '0'), false
	}
	start := len(dst)
	dst = appendDouble(dst, double)
	return dst, sameDecimal(dst[start:], literal)
}

// plainDecimal is the canonical form of a literal without exponent whose digits
// all survive in a double.
func plainDecimal(literal []byte) ([]byte, bool) {
	point, end := -1, len(literal)
	if end > 16 {
		return nil, false
	}
	for i, c := range literal {
		if c == '.' {
			point = i
		} else if c|0x20 == 'e' {
			return nil, false
		}
	}
	if point < 0 && end > 15 {
		return nil, false
	}
	if point >= 0 {
		for literal[end-1] == '0' {
			end--
		}
		if end-point > 7 { // below 0.000001 an exponent is used
			return nil, false
		}
		if end-1 == point {
			end--
		}
	}
	if end == 2 && literal[0] == '-' && literal[1] == '0' {
		return literal[1:2], true
	}
	return literal[:end], true
}

// appendDouble is Number::toString of ECMA-262 for a finite double.
func appendDouble(dst []byte, double float64) []byte {
	if double == 0 {
		return append(dst, '0')
	}
	if size := math.Abs(double); 1e-6 <= size && size < 1e21 {
		return strconv.AppendFloat(dst, double, 'f', -1, 64)
	}
	start := len(dst)
	dst = strconv.AppendFloat(dst, double, 'e', -1, 64)
	// Go writes at least two digits of exponent, ECMAScript as few as needed.
	if at := len(dst) - 2; at > start && dst[at] == '0' && (dst[at-1] == '-' || dst[at-1] == '+') {
		dst = append(dst[:at], dst[at+1])
	}
	return dst
}

// Hash is SHA-256 over the id's 16 bytes, one byte that is 1 for a tombstone,
// and the canonical data. Equal hashes mean equal content.
func Hash(id uuid.UUID, deleted bool, canonical []byte) (hash [sha256.Size]byte) {
	digest := sha256.New()
	digest.Write(id[:])
	if deleted {
		digest.Write([]byte{1})
	} else {
		digest.Write([]byte{0})
	}
	digest.Write(canonical)
	digest.Sum(hash[:0])
	return hash
}

// Tombstone is the canonical data of every deleted record.
const Tombstone = "{}"
