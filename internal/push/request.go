package push

import (
	"bytes"
	"errors"
	"fmt"

	"github.com/google/uuid"

	"github.com/interpos/cabinet/internal/canonical"
	"github.com/interpos/cabinet/internal/fault"
	"github.com/interpos/cabinet/internal/sync"
)

// Request is a push whose envelope is read. Its changes are still as they were sent:
// they are decoded while it is stored.
type Request struct {
	DeviceID uuid.UUID
	Cursor   string // the place up to which the device knows the feed; "": it does not say
	raws     [][]byte
}

// Decode reads the envelope of a push body `{device_id, changes: […]}`. A body
// that is no such thing is an error (Malformed, ValidationFailed, TooLarge).
func Decode(body []byte) (*Request, error) {
	var parser canonical.Parser
	parser.Reset(body)
	request, given := &Request{}, false
	err := parser.Object(func(name string) error {
		if name == "changes" {
			given = true
			return parser.RawArray(request.addChange)
		}
		value, _, err := parser.Next()
		switch {
		case err != nil:
			return err
		case name == "device_id":
			request.DeviceID = parseDeviceID(value)
		case name == "cursor":
			request.Cursor, err = parseCursorText(value)
			return err
		}
		return nil
	})
	if err == nil && !parser.Done() {
		err = fmt.Errorf("%w: text after the body", canonical.ErrSyntax)
	}
	if err != nil {
		return nil, malformedBody(err)
	}
	if !given {
		return nil, fault.Invalid(fault.Field{Field: "changes", Code: "required", Message: "must be given"})
	}
	return request, request.checkDevice()
}

// DecodeLines reads an NDJSON push: one change a line, the device in a header.
func DecodeLines(body []byte, device string) (*Request, error) {
	request := &Request{}
	request.DeviceID, _ = uuid.Parse(device)
	if err := request.checkDevice(); err != nil {
		return nil, err
	}
	for line := range bytes.Lines(body) {
		if line = bytes.TrimSpace(line); len(line) == 0 {
			continue
		}
		if err := request.addChange(line); err != nil {
			return nil, err
		}
	}
	return request, nil
}

func (r *Request) addChange(raw []byte) error {
	if len(r.raws) == sync.MaxChanges {
		return fault.New(fault.TooLarge, fmt.Sprintf("A push has at most %d changes.", sync.MaxChanges))
	}
	r.raws = append(r.raws, raw)
	return nil
}

func (r *Request) checkDevice() error {
	if r.DeviceID == uuid.Nil {
		return fault.Invalid(fault.Field{Field: "device_id", Code: "uuid", Message: "must be the UUID of this device"})
	}
	return nil
}

func malformedBody(err error) error {
	if errors.Is(err, canonical.ErrSyntax) {
		return fault.Wrap(fault.Malformed, "The body cannot be read: "+err.Error()+".", err)
	}
	return err
}

func parseDeviceID(value canonical.Value) uuid.UUID {
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

// parseCursorText reads the cursor of a push; null counts as left out.
func parseCursorText(value canonical.Value) (string, error) {
	text, ok := value.Text()
	if !ok && !value.IsNull() {
		return "", fault.Invalid(fault.Field{Field: "cursor", Code: "invalid", Message: "must be a text"})
	}
	return text, nil
}
