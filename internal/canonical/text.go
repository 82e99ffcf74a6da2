package canonical

import (
	"bytes"
	"strconv"
	"unicode/utf16"
	"unicode/utf8"
)

// parseString reads a JSON string at the position. Without escapes the text is a
// part of the source.
func (p *Parser) parseString() (text []byte, escaped bool, err error) {
	p.at++ // the opening quote
	end := bytes.IndexByte(p.src[p.at:], '"')
	if end < 0 {
		return nil, false, p.syntaxError("string without end")
	}
	text = p.src[p.at : p.at+end]
	var seen byteClass
	for _, c := range text {
		seen |= classes[c]
	}
	if seen&(isControl|isBackslash) != 0 {
		return p.parseEscapedString()
	}
	if seen&isBeyondASCII != 0 && !utf8.Valid(text) {
		return nil, false, p.syntaxError("invalid UTF-8")
	}
	p.at += end + 1
	return text, false, nil
}

// byteClass says what a byte of a string needs.
type byteClass uint8

const (
	isControl     byteClass = 1 << iota // must be escaped
	isBackslash                         // begins an escape
	isBeyondASCII                       // is a part of a longer character
)

var classes = func() (classes [256]byteClass) {
	for c := range classes {
		switch {
		case c < ' ':
			classes[c] = isControl
		case c == '\\':
			classes[c] = isBackslash
		case c >= utf8.RuneSelf:
			classes[c] = isBeyondASCII
		}
	}
	return classes
}()

// parseEscapedString reads a string that has escapes, from behind its opening quote.
func (p *Parser) parseEscapedString() ([]byte, bool, error) {
	text := make([]byte, 0, 64)
	for p.at < len(p.src) {
		switch c := p.src[p.at]; {
		case c == '"':
			if !utf8.Valid(text) {
				return nil, false, p.syntaxError("invalid UTF-8")
			}
			p.at++
			return text, true, nil
		case c < ' ':
			return nil, false, p.syntaxError("control character in a string")
		case c != '\\':
			text = append(text, c)
			p.at++
		default:
			r, err := p.parseEscape()
			if err != nil {
				return nil, false, err
			}
			text = utf8.AppendRune(text, r)
		}
	}
	return nil, false, p.syntaxError("string without end")
}

func (p *Parser) parseEscape() (rune, error) {
	p.at++ // the backslash
	if p.at == len(p.src) {
		return 0, p.syntaxError("string without end")
	}
	c := p.src[p.at]
	p.at++
	switch c {
	case '"', '\\', '/':
		return rune(c), nil
	case 'b':
		return '\b', nil
	case 'f':
		return '\f', nil
	case 'n':
		return '\n', nil
	case 'r':
		return '\r', nil
	case 't':
		return '\t', nil
	case 'u':
		return p.parseCodeUnits()
	}
	return 0, p.syntaxError("unknown escape")
}

// parseCodeUnits reads the digits of \u, and the second half of a surrogate pair.
func (p *Parser) parseCodeUnits() (rune, error) {
	first, err := p.parseHexUnit()
	if err != nil {
		return 0, err
	}
	if first == 0 {
		p.noteFlaw("nul_character", "text cannot hold a NUL character")
	}
	if !utf16.IsSurrogate(first) {
		return first, nil
	}
	if r := p.parseSecondHalf(first); r != utf8.RuneError {
		return r, nil
	}
	p.noteFlaw("lone_surrogate", "text holds half of a surrogate pair")
	return utf8.RuneError, nil
}

// parseSecondHalf reads the second half of a surrogate pair, where it follows.
func (p *Parser) parseSecondHalf(first rune) rune {
	start := p.at
	if p.consume('\\') && p.consume('u') {
		if second, err := p.parseHexUnit(); err == nil {
			if r := utf16.DecodeRune(first, second); r != utf8.RuneError {
				return r
			}
		}
	}
	p.at = start
	return utf8.RuneError
}

func (p *Parser) parseHexUnit() (rune, error) {
	if p.at+4 > len(p.src) {
		return 0, p.syntaxError("four hex digits expected")
	}
	unit, err := strconv.ParseUint(string(p.src[p.at:p.at+4]), 16, 16)
	if err != nil {
		return 0, p.syntaxError("four hex digits expected")
	}
	p.at += 4
	return rune(unit), nil
}
