package client

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"

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
	body, err := as.encode(cursor, device, changes)
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
	err = c.send(ctx, http.MethodPost, "/sync/push", header, body, &pushed)
	return pushed, err
}

func (as Encoding) encode(cursor string, device uuid.UUID, changes []Change) ([]byte, error) {
	plain, err := as.plain(cursor, device, changes)
	if err != nil {
		return nil, fmt.Errorf("encode the changes: %w", err)
	}
	return compress(plain, as.Compression)
}

func (as Encoding) plain(cursor string, device uuid.UUID, changes []Change) ([]byte, error) {
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	if !as.NDJSON {
		err := encoder.Encode(struct {
			DeviceID uuid.UUID `json:"device_id"`
			Cursor   string    `json:"cursor,omitempty"`
			Changes  []Change  `json:"changes"`
		}{device, cursor, changes})
		return text.Bytes(), err
	}
	for i := range changes {
		if err := encoder.Encode(&changes[i]); err != nil {
			return nil, err
		}
	}
	return text.Bytes(), nil
}
