package canonical

import (
	"bytes"
	"strconv"
	"strings"
)

// What is wrong with a number, as the protocol has it.
const (
	TooPrecise = "too_precise"
	TooLarge   = "too_large"
)

// scientific splits a JSON number into its digits (no zeros at either end) and the
// power of ten that they are multiplied by.
func scientific(literal []byte) (negative bool, digits string, exponent int) {
	negative = literal[0] == '-'
	mantissa := strings.TrimPrefix(string(literal), "-")
	if at := strings.IndexAny(mantissa, "eE"); at >= 0 {
		power, err := strconv.Atoi(strings.TrimPrefix(mantissa[at+1:], "+"))
		if err != nil || power > 1000 || power < -1000 {
			power = 1000 // beyond every bound, whatever its sign
		}
		mantissa, exponent = mantissa[:at], power
	}
	if point := strings.IndexByte(mantissa, '.'); point >= 0 {
		exponent -= len(mantissa) - point - 1
		mantissa = mantissa[:point] + mantissa[point+1:]
	}
	digits = strings.TrimRight(mantissa, "0")
	exponent += len(mantissa) - len(digits)
	if digits = strings.TrimLeft(digits, "0"); digits == "" {
		return false, "", 0
	}
	return negative, digits, exponent
}

// sameDecimal says whether two JSON numbers denote the same number.
func sameDecimal(a, b []byte) bool {
	if bytes.Equal(a, b) {
		return true
	}
	negativeA, digitsA, exponentA := scientific(a)
	negativeB, digitsB, exponentB := scientific(b)
	return negativeA == negativeB && digitsA == digitsB && exponentA == exponentB
}

// Fixed reads a JSON number as a whole number of 10^-places, below limit. problem
// is "" or what is wrong with it: TooPrecise, TooLarge.
func Fixed(literal []byte, places int, limit int64) (value int64, problem string) {
	if value, ok := plainFixed(literal, places); ok && -limit < value && value < limit {
		return value, ""
	}
	negative, digits, exponent := scientific(literal)
	switch {
	case digits == "":
		return 0, ""
	case exponent < -places:
		return 0, TooPrecise
	case len(digits)+exponent+places > 18:
		return 0, TooLarge
	}
	value, _ = strconv.ParseInt(digits, 10, 64)
	for range exponent + places {
		value *= 10
	}
	if value >= limit {
		return 0, TooLarge
	}
	if negative {
		value = -value
	}
	return value, ""
}

// plainFixed is Fixed for the short literals without exponent that nearly all
// are; ok is false for any other.
func plainFixed(literal []byte, places int) (value int64, ok bool) {
	digits := literal
	if digits[0] == '-' {
		digits = digits[1:]
	}
	if len(digits) > 17-places {
		return 0, false
	}
	left := -1 // places still to fill after the point; -1: no point yet
	for _, c := range digits {
		switch {
		case c == '.':
			left = places
		case c < '0' || c > '9' || left == 0:
			return 0, false
		default:
			value = value*10 + int64(c-'0')
			left = max(left-1, -1)
		}
	}
	if left < 0 {
		left = places
	}
	for range left {
		value *= 10
	}
	if literal[0] == '-' {
		value = -value
	}
	return value, true
}

// Range says what is wrong with a JSON number that is to have at most so many digits
// before the point, and so many behind it: "", TooPrecise, TooLarge.
func Range(literal []byte, whole, places int) (problem string) {
	if plain, before, behind := countDigits(literal); plain && before <= whole && behind <= places {
		return ""
	}
	_, digits, exponent := scientific(literal)
	switch {
	case digits == "":
		return ""
	case len(digits)+exponent > whole:
		return TooLarge
	case exponent < -places:
		return TooPrecise
	}
	return ""
}

// countDigits counts the digits of a literal before and behind its point; plain is false
// for one with an exponent.
func countDigits(literal []byte) (plain bool, before, behind int) {
	digits := &before
	for _, c := range literal {
		switch {
		case c == '.':
			digits = &behind
		case c|0x20 == 'e':
			return false, 0, 0
		case c != '-':
			*digits++
		}
	}
	return true, before, behind
}
