package client

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"

	"github.com/google/uuid"
)

// Compression of a push's body, as Content-Encoding names it.
type Compression string

// The compressions that a cabinet takes.
const (
	Plain Compression = ""
	Gzip  Compression = "gzip"
	Zstd  Compression = "zstd"
)

// Encoding is how a push travels. The zero value is plain JSON.
type Encoding struct {
	NDJSON      bool // one change a line, instead of one document
	Compression Compression
}

// Compact is the encoding that costs the least on both sides.
var Compact = Encoding{NDJSON: true, Compression: Zstd}

// Push sends changes of a device. They are taken over all together or, with an
// error, not at all; what became of each is in the results. Sending the same
// again is harmless.
func (c *Client) Push(ctx context.Context, device uuid.UUID, changes []Change, as Encoding) (Pushed, error) {
	return c.PushFrom(ctx, "", device, changes, as)
}

// PushFrom is Push for a device that knows the feed up to a cursor. Error code
// cursor_expired: the feed does not go on from there, nothing was taken, and
// what was acknowledged before may be missing.
func (c *Client) PushFrom(ctx context.Context, cursor string, device uuid.UUID, changes []Change, as Encoding) (Pushed, error) {
	body, err := as.encodeChanges(cursor, device, changes)
	if err != nil {
		return Pushed{}, err
	}
	header := http.Header{"Content-Type": {"application/json"}}
	if as.NDJSON {
		header.Set("Content-Type", "application/x-ndjson")
		header.Set("Device-Id", device.String())
		if cursor != "" {
			header.Set("Feed-Cursor", cursor)
		}
	}
	if as.Compression != Plain {
		header.Set("Content-Encoding", string(as.Compression))
	}
	var pushed Pushed
	err = c.exchange(ctx, http.MethodPost, "/sync/push", header, body, &pushed)
	return pushed, err
}

func (as Encoding) encodeChanges(cursor string, device uuid.UUID, changes []Change) ([]byte, error) {
	plain, err := as.plainText(cursor, device, changes)
	if err != nil {
		return nil, fmt.Errorf("encode the changes: %w", err)
	}
	return compressBody(plain, as.Compression)
}

func (as Encoding) plainText(cursor string, device uuid.UUID, changes []Change) (text []byte, err error) {
	size := 100
	for i := range changes {
		size += len(changes[i].Data) + 200
	}
	text = make([]byte, 0, size)
	if !as.NDJSON {
		text = append(append(append(text, `{"device_id":"`...), device.String()...), '"')
		if cursor != "" {
			text = appendText(append(text, `,"cursor":`...), cursor)
		}
		text = append(text, `,"changes":[`...)
	}
	for i := range changes {
		if text, err = changes[i].appendJSON(text); err != nil {
			return nil, err
		}
		if as.NDJSON {
			text = append(text, '\n')
		} else if i < len(changes)-1 {
			text = append(text, ',')
		}
	}
	if !as.NDJSON {
		text = append(text, "]}"...)
	}
	return text, nil
}

// appendJSON writes the change as encoding/json would, without reflection: a first
// synchronization sends them by the hundred thousand. Data that is no JSON is left to
// the cabinet to refuse.
func (c *Change) appendJSON(text []byte) (_ []byte, err error) {
	text = appendText(append(text, `{"kind":`...), c.Kind)
	text = append(append(append(text, `,"id":"`...), c.ID.String()...), '"')
	text = append(text, `,"modified_at":"`...)
	if text, err = c.ModifiedAt.AppendText(text); err != nil {
		return nil, err
	}
	text = append(text, '"')
	if c.Deleted {
		text = append(text, `,"deleted":true`...)
	}
	if c.BaseVersion != nil {
		text = strconv.AppendInt(append(text, `,"base_version":`...), *c.BaseVersion, 10)
	}
	if len(c.Data) > 0 {
		text = append(text, `,"data":`...)
		if bytes.ContainsAny(c.Data, "\r\n") { // it would end a line
			one := bytes.NewBuffer(text)
			if err := json.Compact(one, c.Data); err != nil {
				return nil, err
			}
			text = one.Bytes()
		} else {
			text = append(text, c.Data...)
		}
	}
	return append(text, '}'), nil
}

func appendText(text []byte, value string) []byte {
	quoted, _ := json.Marshal(value) // a string: it cannot fail
	return append(text, quoted...)
}
