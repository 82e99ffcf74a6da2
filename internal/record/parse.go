package record

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

// Flaw is what makes valid JSON unfit for a record: a name that stands twice
// (RFC 7493), or a NUL character, which PostgreSQL's text cannot hold.
type Flaw struct{ Code, Message string }

// Parse reads one JSON value that fills src.
func Parse(src []byte) (Value, error) {
	p := Parser{src: src}
	value, err := p.value(0)
	if err != nil {
		return Value{}, err
	}
	if p.space(); p.at != len(p.src) {
		return Value{}, p.fail("text after the value")
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
	value, err := p.value(0)
	return value, p.flaw, err
}

// Done says whether nothing but white space is left.
func (p *Parser) Done() bool {
	p.space()
	return p.at == len(p.src)
}

// Offset is the position in the text.
func (p *Parser) Offset() int { return p.at }

// Object reads an object at the position, calling member at each value; member
// must consume it by Next or RawArray.
func (p *Parser) Object(member func(name string) error) error {
	return p.sequence('{', '}', func() error {
		name, _, err := p.name()
		if err != nil {
			return err
		}
		return member(string(name))
	})
}

// RawArray reads an array at the position without looking into its items: each
// is given to item as it was sent, and may yet be no JSON.
func (p *Parser) RawArray(item func(raw []byte) error) error {
	return p.sequence('[', ']', func() error {
		start := p.at
		if err := p.skip(); err != nil {
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
	err := p.sequence('{', '}', func() error {
		name, _, err := p.name()
		if err != nil {
			return err
		}
		value := Value{kind: isNull}
		if string(name) == member {
			from := p.at
			err = p.skip()
			raw = bytes.Trim(p.src[from:p.at], " \t\r\n")
		} else {
			value, err = p.value(1)
		}
		p.scratch = append(p.scratch, Member{name, value})
		return err
	})
	if err != nil {
		return Value{}, nil, false
	}
	object = Value{kind: isObject, members: p.keep(start)}
	p.sort(object.members)
	return object, raw, p.flaw == nil && p.Done()
}

// skip moves to the comma or bracket that ends the item at the position.
func (p *Parser) skip() error {
	for depth := 0; p.at < len(p.src); p.at++ {
		switch p.src[p.at] {
		case '"':
			if end := closingQuote(p.src[p.at+1:]); end >= 0 {
				p.at += 1 + end
				continue
			}
			return p.fail("string without end")
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
	return p.fail("comma or end expected")
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

// sequence reads what stands between brackets, item by item.
func (p *Parser) sequence(open, end byte, item func() error) error {
	if p.space(); !p.take(open) {
		return p.fail(fmt.Sprintf("%q expected", open))
	}
	if p.space(); p.take(end) {
		return nil
	}
	for {
		if err := item(); err != nil {
			return err
		}
		p.space()
		if p.take(end) {
			return nil
		}
		if !p.take(',') {
			return p.fail("comma or end expected")
		}
	}
}

func (p *Parser) value(depth int) (Value, error) {
	p.space()
	if p.at == len(p.src) {
		return Value{}, p.fail("value expected")
	}
	if depth > maxDepth {
		return Value{}, p.fail("nested too deeply")
	}
	switch c := p.src[p.at]; c {
	case '{':
		return p.object(depth)
	case '[':
		return p.array(depth)
	case '"':
		text, escaped, err := p.string()
		return Value{kind: isString, text: text, escaped: escaped}, err
	case 't':
		return p.word("true", isTrue)
	case 'f':
		return p.word("false", isFalse)
	case 'n':
		return p.word("null", isNull)
	default:
		return p.number()
	}
}

func (p *Parser) object(depth int) (Value, error) {
	start := len(p.scratch)
	err := p.sequence('{', '}', func() error {
		name, _, err := p.name()
		if err != nil {
			return err
		}
		value, err := p.value(depth + 1)
		p.scratch = append(p.scratch, Member{name, value})
		return err
	})
	if err != nil {
		return Value{}, err
	}
	members := p.keep(start)
	p.sort(members)
	return Value{kind: isObject, members: members}, nil
}

func (p *Parser) array(depth int) (Value, error) {
	start := len(p.scratch)
	err := p.sequence('[', ']', func() error {
		value, err := p.value(depth + 1)
		p.scratch = append(p.scratch, Member{value: value})
		return err
	})
	if err != nil {
		return Value{}, err
	}
	return Value{kind: isArray, members: p.keep(start)}, nil
}

// keep moves the members of a finished object from the scratch to the arena.
// A full arena is replaced, not grown: values point into the old one.
func (p *Parser) keep(start int) []Member {
	finished := p.scratch[start:]
	if cap(p.arena)-len(p.arena) < len(finished) {
		p.arena = make([]Member, 0, max(2*cap(p.arena), 256, len(finished)))
	}
	from := len(p.arena)
	p.arena = append(p.arena, finished...)
	p.scratch = p.scratch[:start]
	return p.arena[from:len(p.arena):len(p.arena)]
}

func (p *Parser) sort(members []Member) {
	if !slices.IsSortedFunc(members, func(a, b Member) int { return compareNames(a.name, b.name) }) {
		slices.SortStableFunc(members, func(a, b Member) int { return compareNames(a.name, b.name) })
	}
	for i := 1; i < len(members); i++ {
		if bytes.Equal(members[i-1].name, members[i].name) {
			p.note("duplicate_field", fmt.Sprintf("the field %q stands twice", clip(members[i].name)))
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

func (p *Parser) name() (name []byte, escaped bool, err error) {
	if p.space(); p.at == len(p.src) || p.src[p.at] != '"' {
		return nil, false, p.fail("field name expected")
	}
	if name, escaped, err = p.string(); err != nil {
		return nil, false, err
	}
	if p.space(); !p.take(':') {
		return nil, false, p.fail("colon expected")
	}
	return name, escaped, nil
}

func (p *Parser) word(word string, kind valueKind) (Value, error) {
	if !bytes.HasPrefix(p.src[p.at:], []byte(word)) {
		return Value{}, p.fail("unknown word")
	}
	p.at += len(word)
	return Value{kind: kind}, nil
}

func (p *Parser) number() (Value, error) {
	start := p.at
	p.take('-')
	if !p.take('0') && !p.digits() {
		return Value{}, p.fail("value expected")
	}
	if p.take('.') && !p.digits() {
		return Value{}, p.fail("digits expected")
	}
	if p.take('e') || p.take('E') {
		if !p.take('+') {
			p.take('-')
		}
		if !p.digits() {
			return Value{}, p.fail("digits expected")
		}
	}
	return Value{kind: isNumber, text: p.src[start:p.at]}, nil
}

func (p *Parser) digits() bool {
	start := p.at
	for p.at < len(p.src) && '0' <= p.src[p.at] && p.src[p.at] <= '9' {
		p.at++
	}
	return p.at > start
}

func (p *Parser) space() {
	for p.at < len(p.src) {
		switch p.src[p.at] {
		case ' ', '\t', '\n', '\r':
			p.at++
		default:
			return
		}
	}
}

func (p *Parser) take(c byte) bool {
	if p.at < len(p.src) && p.src[p.at] == c {
		p.at++
		return true
	}
	return false
}

func (p *Parser) note(code, message string) {
	if p.flaw == nil {
		p.flaw = &Flaw{code, message}
	}
}

func (p *Parser) fail(what string) error {
	return fmt.Errorf("%w: %s at byte %d", ErrSyntax, what, p.at)
}

func clip(text []byte) string {
	const most = 60
	if len(text) > most {
		return string(text[:most]) + "…"
	}
	return string(text)
}
