package push

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/interpos/cabinet/internal/canonical"
	"github.com/interpos/cabinet/internal/currency"
	"github.com/interpos/cabinet/internal/fault"
	"github.com/interpos/cabinet/internal/record"
	"github.com/interpos/cabinet/internal/sync"
)

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
	remarks     []record.Remark
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

func newDecoder(code string, now time.Time) *decoder {
	return &decoder{minorDigits: currency.MinorDigits(code), latest: now.Add(maxClockAhead)}
}

// decodeBatch decodes some changes of a push. It has no error.
func (d *decoder) decodeBatch(request *Request, from, to int) ([]change, error) {
	changes := make([]change, to-from)
	for i := range changes {
		d.decodeChange(request.raws[from+i], &changes[i])
	}
	return changes, nil
}

// errMustDecode is the error of a scan that says too little.
var errMustDecode = errors.New("a change must be decoded")

// scanBatch scans some changes of a push. Error: errMustDecode.
func (d *decoder) scanBatch(request *Request, from, to int) ([]change, error) {
	changes := make([]change, to-from)
	for i := range changes {
		if !d.scanChange(request.raws[from+i], &changes[i]) {
			return nil, errMustDecode
		}
	}
	return changes, nil
}

// scanChange reads what stands around the data, and takes the data's hash as it was
// sent. Where the record has that hash, it has that content: nobody need read it again.
// Any other hash says nothing. It is false for a change that can only be decoded.
func (d *decoder) scanChange(raw []byte, c *change) bool {
	d.parser.Reset(raw)
	value, data, ok := d.parser.Around("data")
	if !ok {
		return false
	}
	d.readEnvelope(c, value)
	if c.spec, ok = record.Find(c.kind); !ok || c.code != "" || c.deleted && data != nil && string(data) != canonical.Tombstone {
		return false
	}
	if c.deleted {
		data = []byte(canonical.Tombstone)
	}
	c.hash = canonical.Hash(c.id, c.deleted, data)
	return true
}

// decodeChange reads one change.
func (d *decoder) decodeChange(raw []byte, c *change) {
	c.sent = raw
	d.parser.Reset(raw)
	value, flaw, err := d.parser.Next()
	if err == nil && !d.parser.Done() {
		err = fmt.Errorf("%w: text after the change", canonical.ErrSyntax)
	}
	if err != nil {
		d.readUnreadable(c, err)
		return
	}
	d.readEnvelope(c, value)
	if flaw != nil {
		c.addFault("data", flaw.Code, flaw.Message)
	}
	if kind, ok := record.Find(c.kind); !ok {
		c.addFault("kind", "unknown_kind", "is not a kind of record that this cabinet knows")
	} else {
		c.spec = kind
		d.readContent(c, kind, value)
	}
}

// readUnreadable rejects a change that is no JSON. Where that is the fault of its data
// alone, it still says of which record it is.
func (d *decoder) readUnreadable(c *change, cause error) {
	c.addFault("", "malformed", cause.Error())
	d.parser.Reset(c.sent)
	if envelope, _, ok := d.parser.Around("data"); ok {
		d.readEnvelope(c, envelope)
		c.spec, _ = record.Find(c.kind)
	}
}

func (c *change) recordKey() sync.RecordKey { return sync.RecordKey{Kind: c.kind, ID: c.id} }

func (c *change) addFault(field, code, message string) {
	if c.code == "" {
		c.code = code
	}
	c.faults = append(c.faults, fault.Field{Field: field, Code: code, Message: message})
}

// readEnvelope reads what stands around the data.
func (d *decoder) readEnvelope(c *change, value canonical.Value) {
	if !value.IsObject() {
		c.addFault("", "invalid", "a change must be an object")
		return
	}
	c.kind = shortText(value, "kind")
	c.rawID = shortText(value, "id")
	var err error
	if c.id, err = uuid.Parse(c.rawID); err != nil || len(c.rawID) != 36 || c.id == uuid.Nil {
		c.id = uuid.Nil
		c.addFault("id", "uuid", "must be a UUID")
	}
	modified, given := value.Get("modified_at")
	at, ok := record.ParseInstant(modified)
	switch {
	case !given:
		c.addFault("modified_at", "required", "must be given")
	case !ok:
		c.addFault("modified_at", "time", "must be a time with an offset, such as 2026-05-25T20:03:14+03:00")
	case at.After(d.latest):
		c.addFault("modified_at", "clock_ahead", "is more than 24 hours ahead of the server's clock")
	}
	c.modifiedAt = at
	if deleted, given := value.Get("deleted"); given {
		if c.deleted, ok = deleted.Bool(); !ok {
			c.addFault("deleted", "invalid", "must be true or false")
		}
	}
	if base, given := value.Get("base_version"); given {
		if c.baseVersion, ok = base.Count(); !ok {
			c.addFault("base_version", "invalid", "must be a version, a whole number from 1")
		}
	}
}

// readContent holds the data against its kind, and makes its canonical form.
func (d *decoder) readContent(c *change, kind *record.Kind, value canonical.Value) {
	data, _ := value.Get("data")
	if c.deleted {
		c.data = []byte(canonical.Tombstone)
	} else {
		var faults []fault.Field
		faults, c.remarks = kind.Examine(data, d.minorDigits)
		for _, broken := range faults {
			c.addFault(broken.Field, broken.Code, broken.Message)
		}
		if c.code != "" {
			return
		}
		d.reserveBuffer()
		start, exact := len(d.buffer), false
		d.buffer, exact = canonical.Append(d.buffer, data)
		c.data = d.buffer[start:len(d.buffer):len(d.buffer)]
		if len(c.data) > sync.MaxRecordBytes {
			c.addFault("data", "record_too_large", fmt.Sprintf("has %d bytes in canonical form, of at most %d", len(c.data), sync.MaxRecordBytes))
		}
		if !exact {
			c.addFault("data", "number_precision", "holds a number of more digits than JSON numbers keep; send it as a string")
		}
	}
	c.bucket = kind.Bucket(c.id, c.deleted, data)
	c.hash = canonical.Hash(c.id, c.deleted, c.data)
}

// reserveBuffer starts a new buffer where the old one is nearly full: canonical data is
// referred to, never moved.
func (d *decoder) reserveBuffer() {
	const size = 256 << 10
	if cap(d.buffer)-len(d.buffer) < 8<<10 {
		d.buffer = make([]byte, 0, size)
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
