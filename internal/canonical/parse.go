package canonical

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"unicode/utf16"
	"unicode/utf8"
)

// maxDepth bounds the nesting of what a stranger sends.
const maxDepth = 32

// ErrSyntax is the error of text that is no JSON (RFC 8259), wrapped with the
// position.
var ErrSyntax = errors.New("not valid JSON")

// Parser reads JSON into values. It is made for many records one after another:
// Reset takes back the memory of the values before. Not for concurrent use.
type Parser struct {
	src     []byte
	at      int
	scratch []Member // members of the objects and arrays that are still open
	arena   []Member // members of finished ones
	flaw    *Flaw
}

// Flaw is what makes JSON unfit for a record while its other values can be read: a name
// that stands twice, or half a surrogate pair (RFC 7493), a NUL character, which
// PostgreSQL's text cannot hold, or too many arrays and objects within one another. The
// value reads as null then, the half of a pair as U+FFFD.
type Flaw struct{ Code, Message string }

// Parse reads one JSON value that fills src.
func Parse(src []byte) (Value, error) {
	p := Parser{src: src}
	value, err := p.parseValue(0)
	if err != nil {
		return Value{}, err
	}
	if p.skipSpace(); p.at != len(p.src) {
		return Value{}, p.syntaxError("text after the value")
	}
	if p.flaw != nil {
		return Value{}, fmt.Errorf("%w: %s", ErrSyntax, p.flaw.Message)
	}
	return value, nil
}

// Reset gives the parser new text; values made before are no longer valid.
func (p *Parser) Reset(src []byte) {
	p.src, p.at = src, 0
	p.Forget()
}

// Forget takes back the memory of all values; the position stays.
func (p *Parser) Forget() {
	p.scratch, p.arena, p.flaw = p.scratch[:0], p.arena[:0], nil
}

// Next reads the value at the position, and the first flaw in it.
func (p *Parser) Next() (Value, *Flaw, error) {
	p.flaw = nil
	value, err := p.parseValue(0)
	return value, p.flaw, err
}

// Done says whether nothing but white space is left.
func (p *Parser) Done() bool {
	p.skipSpace()
	return p.at == len(p.src)
}

// Offset is the position in the text.
func (p *Parser) Offset() int { return p.at }

// Object reads an object at the position, calling member at each value; member
// must consume it by Next or RawArray.
func (p *Parser) Object(member func(name string) error) error {
	return p.parseSequence('{', '}', func() error {
		name, _, err := p.parseName()
		if err != nil {
			return err
		}
		return member(string(name))
	})
}

// RawArray reads an array at the position without looking into its items: each
// is given to item as it was sent, and may yet be no JSON.
func (p *Parser) RawArray(item func(raw []byte) error) error {
	return p.parseSequence('[', ']', func() error {
		start := p.at
		if err := p.skipItem(); err != nil {
			return err
		}
		return item(p.src[start:p.at])
	})
}

// Around reads an object that fills the text, but for one member: that is given as
// it was sent, nil where there is none, and may be no JSON. The object has it as null.
// ok is false where anything is wrong, which Next then says.
func (p *Parser) Around(member string) (object Value, raw []byte, ok bool) {
	start := len(p.scratch)
	err := p.parseSequence('{', '}', func() error {
		name, _, err := p.parseName()
		if err != nil {
			return err
		}
		value := Value{kind: Null}
		if string(name) == member {
			from := p.at
			err = p.skipItem()
			raw = bytes.Trim(p.src[from:p.at], " \t\r\n")
		} else {
			value, err = p.parseValue(1)
		}
		p.scratch = append(p.scratch, Member{name, value})
		return err
	})
	if err != nil {
		return Value{}, nil, false
	}
	object = Value{kind: Object, members: p.moveToArena(start)}
	p.sortMembers(object.members)
	return object, raw, p.flaw == nil && p.Done()
}

// skipItem moves to the comma or bracket that ends the item at the position.
func (p *Parser) skipItem() error {
	for depth := 0; p.at < len(p.src); p.at++ {
		switch p.src[p.at] {
		case '"':
			if end := closingQuote(p.src[p.at+1:]); end >= 0 {
				p.at += 1 + end
				continue
			}
			return p.syntaxError("string without end")
		case '{', '[':
			depth++
		case '}', ']':
			if depth == 0 {
				return nil
			}
			depth--
		case ',':
			if depth == 0 {
				return nil
			}
		}
	}
	return p.syntaxError("comma or end expected")
}

// closingQuote is where a string ends whose opening quote stands before text.
func closingQuote(text []byte) int {
	for from := 0; ; {
		end := bytes.IndexByte(text[from:], '"')
		if end < 0 {
			return -1
		}
		end += from
		backslashes := 0
		for end-backslashes > from && text[end-backslashes-1] == '\\' {
			backslashes++
		}
		if backslashes%2 == 0 {
			return end
		}
		from = end + 1
	}
}

// parseSequence reads what stands between brackets, item by item.
func (p *Parser) parseSequence(open, end byte, item func() error) error {
	if p.skipSpace(); !p.consume(open) {
		return p.syntaxError(fmt.Sprintf("%q expected", open))
	}
	if p.skipSpace(); p.consume(end) {
		return nil
	}
	for {
		if err := item(); err != nil {
			return err
		}
		p.skipSpace()
		if p.consume(end) {
			return nil
		}
		if !p.consume(',') {
			return p.syntaxError("comma or end expected")
		}
	}
}

func (p *Parser) parseValue(depth int) (Value, error) {
	p.skipSpace()
	if p.at == len(p.src) {
		return Value{}, p.syntaxError("value expected")
	}
	if depth > maxDepth {
		p.noteFlaw("too_deep", fmt.Sprintf("values stand more than %d deep in one another", maxDepth))
		return Value{kind: Null}, p.skipItem()
	}
	switch c := p.src[p.at]; c {
	case '{':
		return p.parseObject(depth)
	case '[':
		return p.parseArray(depth)
	case '"':
		text, escaped, err := p.parseString()
		return Value{kind: String, text: text, escaped: escaped}, err
	case 't':
		return p.parseWord("true", True)
	case 'f':
		return p.parseWord("false", False)
	case 'n':
		return p.parseWord("null", Null)
	default:
		return p.parseNumber()
	}
}

func (p *Parser) parseObject(depth int) (Value, error) {
	start := len(p.scratch)
	err := p.parseSequence('{', '}', func() error {
		name, _, err := p.parseName()
		if err != nil {
			return err
		}
		value, err := p.parseValue(depth + 1)
		p.scratch = append(p.scratch, Member{name, value})
		return err
	})
	if err != nil {
		return Value{}, err
	}
	members := p.moveToArena(start)
	p.sortMembers(members)
	return Value{kind: Object, members: members}, nil
}

func (p *Parser) parseArray(depth int) (Value, error) {
	start := len(p.scratch)
	err := p.parseSequence('[', ']', func() error {
		value, err := p.parseValue(depth + 1)
		p.scratch = append(p.scratch, Member{Value: value})
		return err
	})
	if err != nil {
		return Value{}, err
	}
	return Value{kind: Array, members: p.moveToArena(start)}, nil
}

// moveToArena moves the members of a finished object from the scratch to the arena.
// A full arena is replaced, not grown: values point into the old one.
func (p *Parser) moveToArena(start int) []Member {
	finished := p.scratch[start:]
	if cap(p.arena)-len(p.arena) < len(finished) {
		p.arena = make([]Member, 0, max(2*cap(p.arena), 256, len(finished)))
	}
	from := len(p.arena)
	p.arena = append(p.arena, finished...)
	p.scratch = p.scratch[:start]
	return p.arena[from:len(p.arena):len(p.arena)]
}

func (p *Parser) sortMembers(members []Member) {
	if !slices.IsSortedFunc(members, func(a, b Member) int { return compareNames(a.Name, b.Name) }) {
		slices.SortStableFunc(members, func(a, b Member) int { return compareNames(a.Name, b.Name) })
	}
	for i := 1; i < len(members); i++ {
		if bytes.Equal(members[i-1].Name, members[i].Name) {
			p.noteFlaw("duplicate_field", fmt.Sprintf("the field %q stands twice", shortened(members[i].Name)))
		}
	}
}

// compareNames orders by UTF-16 code units (RFC 8785, 3.2.3). Byte order is the
// same but where a character outside the basic plane meets one above the
// surrogates.
func compareNames(a, b []byte) int {
	for i := 0; i < len(a) && i < len(b); i++ {
		if a[i] == b[i] {
			continue
		}
		if a[i] < 0xee && b[i] < 0xee || a[i] < utf8.RuneSelf || b[i] < utf8.RuneSelf {
			return int(a[i]) - int(b[i])
		}
		return slices.Compare(utf16.Encode([]rune(string(a))), utf16.Encode([]rune(string(b))))
	}
	return len(a) - len(b)
}

func (p *Parser) parseName() (name []byte, escaped bool, err error) {
	if p.skipSpace(); p.at == len(p.src) || p.src[p.at] != '"' {
		return nil, false, p.syntaxError("field name expected")
	}
	if name, escaped, err = p.parseString(); err != nil {
		return nil, false, err
	}
	if p.skipSpace(); !p.consume(':') {
		return nil, false, p.syntaxError("colon expected")
	}
	return name, escaped, nil
}

func (p *Parser) parseWord(word string, kind Type) (Value, error) {
	if !bytes.HasPrefix(p.src[p.at:], []byte(word)) {
		return Value{}, p.syntaxError("unknown word")
	}
	p.at += len(word)
	return Value{kind: kind}, nil
}

func (p *Parser) parseNumber() (Value, error) {
	start := p.at
	p.consume('-')
	if !p.consume('0') && !p.skipDigits() {
		return Value{}, p.syntaxError("value expected")
	}
	if p.consume('.') && !p.skipDigits() {
		return Value{}, p.syntaxError("digits expected")
	}
	if p.consume('e') || p.consume('E') {
		if !p.consume('+') {
			p.consume('-')
		}
		if !p.skipDigits() {
			return Value{}, p.syntaxError("digits expected")
		}
	}
	return Value{kind: Number, text: p.src[start:p.at]}, nil
}

func (p *Parser) skipDigits() bool {
	start := p.at
	for p.at < len(p.src) && '0' <= p.src[p.at] && p.src[p.at] <= '9' {
		p.at++
	}
	return p.at > start
}

func (p *Parser) skipSpace() {
	for p.at < len(p.src) {
		switch p.src[p.at] {
		case ' ', '\t', '\n', '\r':
			p.at++
		default:
			return
		}
	}
}

func (p *Parser) consume(c byte) bool {
	if p.at < len(p.src) && p.src[p.at] == c {
		p.at++
		return true
	}
	return false
}

func (p *Parser) noteFlaw(code, message string) {
	if p.flaw == nil {
		p.flaw = &Flaw{code, message}
	}
}

func (p *Parser) syntaxError(what string) error {
	return fmt.Errorf("%w: %s at byte %d", ErrSyntax, what, p.at)
}

func shortened(text []byte) string {
	const most = 60
	if len(text) > most {
		return string(text[:most]) + "…"
	}
	return string(text)
}
