package api

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"strconv"
	"time"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"

	"github.com/interpos/cabinet/internal/sync"
)

const mimeNDJSON = "application/x-ndjson"

// Change is one record of the feed at its latest change.
type Change struct {
	Kind       string          `json:"kind" example:"product"`
	ID         string          `json:"id" format:"uuid" example:"5b6d3c1e-0f4a-4d0e-8f2b-7a9c1d2e3f40"`
	Version    int64           `json:"version" example:"3"`                                                    // Counts the changes of this record
	Seq        int64           `json:"seq" example:"40213"`                                                    // Place in the organization's feed
	ModifiedAt time.Time       `json:"modified_at" example:"2026-05-25T17:03:14.5Z"`                           // When its source changed it
	Deleted    bool            `json:"deleted" example:"false"`                                                // A tombstone: data is then {}
	DeviceID   string          `json:"device_id" format:"uuid" example:"0190a2c4-7b1e-7c3a-9d55-3f1f0a6f2b11"` // Who sent it
	Data       json.RawMessage `json:"data" swaggertype:"object"`                                              // Fields of the kind
}

// ChangesResponse is a page of the feed.
type ChangesResponse struct {
	Changes []Change `json:"changes"`
	Cursor  string   `json:"cursor" example:"Ow9PDljXSy6KPZp_HgwtRAAAAAAAAJ0VAAAAAAAAnRVISEdES8PVXL9rcNY"` // For the next request
	More    bool     `json:"more" example:"false"`                                                         // There is more already: ask again at once
}

// Portions of an answer. Each is read from the database at once, and sent when
// that is done, while the next is read: the reader, slow as it may be, never holds
// a connection of the database, and no answer is ever in memory whole.
const (
	portionBytes    = 2 << 20     // that a portion aims at
	firstPortion    = 500         // changes
	portionPatience = time.Minute // for the reader to take a portion
)

// changesWriter writes changes as JSON or as lines. Data is handed through as it
// is stored.
type changesWriter struct {
	server       *Server
	organization uuid.UUID
	response     *echo.Response
	lines        bool
	count        int
	buffer       []byte
	spare        []byte     // to fill while the buffer before is sent
	sending      chan error // how the sending of the portion before ends; nil: none is on its way
	leave        func()     // gives the place of the answer back; nil: it has none yet
}

func (s *Server) newChangesWriter(c echo.Context, lines bool) *changesWriter {
	w := &changesWriter{server: s, organization: keyOrganization(c), response: c.Response(), lines: lines}
	if !lines {
		w.buffer = append(w.buffer, `{"changes":[`...)
	}
	return w
}

// copy answers a pull, portion by portion.
func (w *changesWriter) copy(ctx context.Context, pull sync.Pull) error {
	portion, left := firstPortion, pull.Limit
	for {
		before := w.count
		pull.Limit = min(portion, left, sync.MaxPage)
		page, err := w.server.Feed.Changes(ctx, w.organization, pull, w.write)
		if err != nil {
			return err
		}
		read := w.count - before
		if left -= read; left == 0 || !page.More {
			w.end(page)
			if err := w.flush(); err != nil {
				return err
			}
			return w.sent()
		}
		portion = max(1, read*portionBytes/len(w.buffer))
		if err := w.flush(); err != nil {
			return err
		}
		pull.Cursor, pull.Wait = page.Cursor, 0
	}
}

func (w *changesWriter) write(change sync.Record) error {
	if !w.lines && w.count > 0 {
		w.buffer = append(w.buffer, ',')
	}
	w.count++
	w.buffer = appendChange(w.buffer, change)
	if w.lines {
		w.buffer = append(w.buffer, '\n')
	}
	return nil
}

func (w *changesWriter) end(page sync.Page) {
	if w.lines {
		w.buffer = append(w.buffer, '{')
	} else {
		w.buffer = append(w.buffer, "],"...)
	}
	w.buffer = append(w.buffer, `"cursor":"`...)
	w.buffer = append(w.buffer, page.Cursor...)
	w.buffer = append(w.buffer, `","more":`...)
	w.buffer = strconv.AppendBool(w.buffer, page.More)
	w.buffer = append(w.buffer, "}\n"...)
}

// flush begins to send what is there, once the portion before is sent. Error:
// RateLimited before anything was sent.
func (w *changesWriter) flush() error {
	if err := w.sent(); err != nil {
		return err
	}
	if !w.response.Committed {
		if err := w.begin(); err != nil {
			return err
		}
	}
	full := w.buffer
	w.buffer, w.spare = w.spare[:0], full
	w.sending = make(chan error, 1)
	go func() { w.sending <- w.send(full) }()
	return nil
}

// sent waits until the portion before is sent.
func (w *changesWriter) sent() error {
	if w.sending == nil {
		return nil
	}
	err := <-w.sending
	w.sending = nil
	return err
}

func (w *changesWriter) send(portion []byte) error {
	control := http.NewResponseController(w.response)
	_ = control.SetWriteDeadline(time.Now().Add(portionPatience)) // where there is no connection, there is nobody to wait for
	_, err := w.response.Write(portion)
	if err == nil {
		err = control.Flush()
	}
	return err
}

func (w *changesWriter) begin() (err error) {
	if w.leave, err = w.server.Feed.Stream(w.organization); err != nil {
		return err
	}
	contentType := echo.MIMEApplicationJSON
	if w.lines {
		contentType = mimeNDJSON
	}
	w.response.Header().Set(echo.HeaderContentType, contentType)
	w.response.WriteHeader(http.StatusOK)
	return nil
}

// close gives the place of the answer back, when nothing is on its way any more.
func (w *changesWriter) close() {
	_ = w.sent() // who has left is not told
	if w.leave != nil {
		w.leave()
	}
}

func appendChange(b []byte, change sync.Record) []byte {
	b = append(append(b, `{"kind":"`...), change.Kind...)
	b = appendID(append(b, `","id":"`...), change.ID)
	b = strconv.AppendInt(append(b, `","version":`...), change.Version, 10)
	b = strconv.AppendInt(append(b, `,"seq":`...), change.Seq, 10)
	b = change.ModifiedAt.UTC().AppendFormat(append(b, `,"modified_at":"`...), time.RFC3339Nano)
	b = strconv.AppendBool(append(b, `","deleted":`...), change.Deleted)
	b = appendID(append(b, `,"device_id":"`...), change.DeviceID)
	b = append(append(b, `","data":`...), change.Data...)
	return append(b, '}')
}

// appendID writes the 36 characters of a UUID without the string that String makes.
func appendID(b []byte, id uuid.UUID) []byte {
	var text [36]byte
	hex.Encode(text[:], id[:4])
	hex.Encode(text[9:], id[4:6])
	hex.Encode(text[14:], id[6:8])
	hex.Encode(text[19:], id[8:10])
	hex.Encode(text[24:], id[10:])
	text[8], text[13], text[18], text[23] = '-', '-', '-', '-'
	return append(b, text[:]...)
}
