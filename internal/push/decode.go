package push

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/interpos/cabinet/internal/canonical"
	"github.com/interpos/cabinet/internal/fault"
	"github.com/interpos/cabinet/internal/record"
	"github.com/interpos/cabinet/internal/sync"
)

// Push is a push whose envelope is read. Its changes are still as they were sent:
// they are decoded while it is stored.
type Push struct {
	DeviceID uuid.UUID
	Cursor   string // the place up to which the device knows the feed; "": it does not say
	raws     [][]byte
	noun     string // what a change is called in an error
}

// change is one pushed change. One with faults is rejected without a look at
// the feed.
type change struct {
	kind        string
	spec        *record.Kind // nil: it is not known
	rawID       string       // as sent
	id          uuid.UUID
	modifiedAt  time.Time
	deleted     bool
	baseVersion int64 // 0: not given
	bucket      string
	data        []byte
	hash        [32]byte
	sent        []byte // the whole change as it was sent, kept with a rejection
	code        string // why it is rejected, or ""
	faults      []fault.Field
}

// Decode reads the envelope of a push body `{device_id, changes: […]}`. A body
// that is no such thing is an error (Malformed, ValidationFailed, TooLarge).
func Decode(body []byte) (*Push, error) {
	var parser canonical.Parser
	parser.Reset(body)
	push, given := &Push{noun: "change"}, false
	err := parser.Object(func(name string) error {
		if name == "changes" {
			given = true
			return parser.RawArray(push.add)
		}
		value, _, err := parser.Next()
		switch {
		case err != nil:
			return err
		case name == "device_id":
			push.DeviceID = deviceID(value)
		case name == "cursor":
			push.Cursor, err = cursorText(value)
			return err
		}
		return nil
	})
	if err == nil && !parser.Done() {
		err = fmt.Errorf("%w: text after the body", canonical.ErrSyntax)
	}
	if err != nil {
		return nil, malformed(err)
	}
	if !given {
		return nil, fault.Invalid(fault.Field{Field: "changes", Code: "required", Message: "must be given"})
	}
	return push, push.checkDevice()
}

// DecodeLines reads an NDJSON push: one change a line, the device in a header.
func DecodeLines(body []byte, device string) (*Push, error) {
	push := &Push{noun: "line"}
	push.DeviceID, _ = uuid.Parse(device)
	if err := push.checkDevice(); err != nil {
		return nil, err
	}
	for line := range bytes.Lines(body) {
		if line = bytes.TrimSpace(line); len(line) == 0 {
			continue
		}
		if err := push.add(line); err != nil {
			return nil, err
		}
	}
	return push, nil
}

func (p *Push) add(raw []byte) error {
	if len(p.raws) == sync.MaxChanges {
		return fault.New(fault.TooLarge, fmt.Sprintf("A push has at most %d changes.", sync.MaxChanges))
	}
	p.raws = append(p.raws, raw)
	return nil
}

func (p *Push) checkDevice() error {
	if p.DeviceID == uuid.Nil {
		return fault.Invalid(fault.Field{Field: "device_id", Code: "uuid", Message: "must be the UUID of this device"})
	}
	return nil
}

func malformed(err error) error {
	if errors.Is(err, canonical.ErrSyntax) {
		return fault.Wrap(fault.Malformed, "The body cannot be read: "+err.Error()+".", err)
	}
	return err
}

func deviceID(value canonical.Value) uuid.UUID {
	text, _ := value.Text()
	if len(text) != 36 {
		return uuid.Nil
	}
	id, err := uuid.Parse(text)
	if err != nil {
		return uuid.Nil
	}
	return id
}

// cursorText reads the cursor of a push; null counts as left out.
func cursorText(value canonical.Value) (string, error) {
	text, ok := value.Text()
	if !ok && !value.IsNull() {
		return "", fault.Invalid(fault.Field{Field: "cursor", Code: "invalid", Message: "must be a text"})
	}
	return text, nil
}

// maxClockAhead is how far ahead of the server a modification may be: a broken
// clock must not win forever.
const maxClockAhead = 24 * time.Hour

// decoder reads one change after another.
type decoder struct {
	parser      canonical.Parser
	minorDigits int
	latest      time.Time // the latest modification that is believed
	buffer      []byte    // where canonical data is written
}

func newDecoder(currency string, now time.Time) *decoder {
	return &decoder{minorDigits: record.MinorDigits(currency), latest: now.Add(maxClockAhead)}
}

// all decodes some changes of a push. Error: Malformed.
func (d *decoder) all(push *Push, from, to int) ([]change, error) {
	changes := make([]change, to-from)
	for i := range changes {
		if err := d.decode(push.raws[from+i], &changes[i]); err != nil {
			return nil, malformed(fmt.Errorf("%s %d: %w", push.noun, from+i+1, err))
		}
	}
	return changes, nil
}

// errMustDecode is the error of a glance that says too little.
var errMustDecode = errors.New("a change must be decoded")

// glanceAll glances at some changes of a push. Error: errMustDecode.
func (d *decoder) glanceAll(push *Push, from, to int) ([]change, error) {
	changes := make([]change, to-from)
	for i := range changes {
		if !d.glance(push.raws[from+i], &changes[i]) {
			return nil, errMustDecode
		}
	}
	return changes, nil
}

// glance reads what stands around the data, and takes the data's hash as it was
// sent. Where the record has that hash, it has that content: nobody need read it again.
// Any other hash says nothing. It is false for a change that can only be decoded.
func (d *decoder) glance(raw []byte, c *change) bool {
	d.parser.Reset(raw)
	value, data, ok := d.parser.Around("data")
	if !ok {
		return false
	}
	d.envelope(c, value)
	if c.spec, ok = record.Find(c.kind); !ok || c.code != "" || c.deleted && data != nil && string(data) != canonical.Tombstone {
		return false
	}
	if c.deleted {
		data = []byte(canonical.Tombstone)
	}
	c.hash = canonical.Hash(c.id, c.deleted, data)
	return true
}

// decode reads one change. An error says that it is no JSON.
func (d *decoder) decode(raw []byte, c *change) error {
	c.sent = raw
	d.parser.Reset(raw)
	value, flaw, err := d.parser.Next()
	if err == nil && !d.parser.Done() {
		err = fmt.Errorf("%w: text after the change", canonical.ErrSyntax)
	}
	if err != nil {
		return err
	}
	d.envelope(c, value)
	if flaw != nil {
		c.reject("data", flaw.Code, flaw.Message)
	}
	if kind, ok := record.Find(c.kind); !ok {
		c.reject("kind", "unknown_kind", "is not a kind of record that this cabinet knows")
	} else {
		c.spec = kind
		d.content(c, kind, value)
	}
	return nil
}

func (c *change) key() sync.RecordKey { return sync.RecordKey{Kind: c.kind, ID: c.id} }

func (c *change) reject(field, code, message string) {
	if c.code == "" {
		c.code = code
	}
	c.faults = append(c.faults, fault.Field{Field: field, Code: code, Message: message})
}

// envelope reads what stands around the data.
func (d *decoder) envelope(c *change, value canonical.Value) {
	if !value.IsObject() {
		c.reject("", "invalid", "a change must be an object")
		return
	}
	c.kind = shortText(value, "kind")
	c.rawID = shortText(value, "id")
	var err error
	if c.id, err = uuid.Parse(c.rawID); err != nil || len(c.rawID) != 36 || c.id == uuid.Nil {
		c.id = uuid.Nil
		c.reject("id", "uuid", "must be a UUID")
	}
	modified, given := value.Get("modified_at")
	at, ok := record.ParseInstant(modified)
	switch {
	case !given:
		c.reject("modified_at", "required", "must be given")
	case !ok:
		c.reject("modified_at", "time", "must be a time with an offset, such as 2026-05-25T20:03:14+03:00")
	case at.After(d.latest):
		c.reject("modified_at", "clock_ahead", "is more than 24 hours ahead of the server's clock")
	}
	c.modifiedAt = at
	if deleted, given := value.Get("deleted"); given {
		if c.deleted, ok = deleted.Bool(); !ok {
			c.reject("deleted", "invalid", "must be true or false")
		}
	}
	if base, given := value.Get("base_version"); given {
		if c.baseVersion, ok = base.Count(); !ok {
			c.reject("base_version", "invalid", "must be a version, a whole number from 1")
		}
	}
}

// content holds the data against its kind, and makes its canonical form.
func (d *decoder) content(c *change, kind *record.Kind, value canonical.Value) {
	data, _ := value.Get("data")
	if c.deleted {
		c.data = []byte(canonical.Tombstone)
	} else {
		for _, broken := range kind.Check(data, d.minorDigits) {
			c.reject(broken.Field, broken.Code, broken.Message)
		}
		if c.code != "" {
			return
		}
		d.room()
		start, exact := len(d.buffer), false
		d.buffer, exact = canonical.Append(d.buffer, data)
		c.data = d.buffer[start:len(d.buffer):len(d.buffer)]
		if !exact {
			c.reject("data", "number_precision", "holds a number of more digits than JSON numbers keep; send it as a string")
		}
	}
	c.bucket = kind.Bucket(c.id, c.deleted, data)
	c.hash = canonical.Hash(c.id, c.deleted, c.data)
}

// room starts a new buffer where the old one is nearly full: canonical data is
// referred to, never moved.
func (d *decoder) room() {
	const chunk = 256 << 10
	if cap(d.buffer)-len(d.buffer) < 8<<10 {
		d.buffer = make([]byte, 0, chunk)
	}
}

func shortText(value canonical.Value, name string) string {
	const most = 100
	member, _ := value.Get(name)
	text, _ := member.Text()
	if len(text) > most {
		text = text[:most]
	}
	return strings.ReplaceAll(strings.ToValidUTF8(text, "\ufffd"), "\x00", "\ufffd")
}
