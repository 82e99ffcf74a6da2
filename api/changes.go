package api

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"strconv"
	stdsync "sync"
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

// An answer is sent in portions, each while the next is read: none is ever in memory
// whole. As long as its reader keeps up, one look into the database reads several
// portions, a stretch, without a pause. Where it does not, the look ends: slow as a
// reader may be, it holds no connection of the database longer than a moment a portion.
const (
	portionBytes    = 2 << 20               // that a portion has, and the last change of it more
	portionPatience = time.Minute           // for the reader to take a portion
	portionMoment   = 20 * time.Millisecond // for the same, while a connection is held
	firstStretch    = 500                   // changes
	stretchBytes    = 8 * portionBytes      // that a stretch aims at
)

// changesWriter writes changes as JSON or as lines. Data is handed through as it
// is stored.
type changesWriter struct {
	server       *Server
	organization uuid.UUID
	response     *echo.Response
	lines        bool
	count        int    // of the changes
	size         int    // of their text
	buffer       []byte // the portion that is filled
	spare        []byte // to fill while the buffer before is sent
	sending      *sending
	keptUp       bool   // the reader did, with the portions so far
	leave        func() // gives the place of the answer back; nil: it has none yet
}

// portions are buffers that one answer leaves to the next: the memory of a new one costs
// more than filling it.
var portions = stdsync.Pool{New: func() any {
	buffer := make([]byte, 0, portionRoom)
	return &buffer
}}

const portionRoom = portionBytes + 64<<10 // with that for a usual last change

// sending is a portion on its way.
type sending struct {
	done chan struct{}
	err  error // once it is done
}

func (s *Server) newChangesWriter(c echo.Context, lines bool) *changesWriter {
	w := &changesWriter{server: s, organization: keyOrganization(c), response: c.Response(), lines: lines, keptUp: true}
	if !lines {
		w.buffer = append(w.buffer, `{"changes":[`...)
	}
	return w
}

// copy answers a pull, stretch by stretch.
func (w *changesWriter) copy(ctx context.Context, pull sync.Pull) error {
	stretch, left := firstStretch, pull.Limit
	for {
		count, size := w.count, w.size
		pull.Limit = min(stretch, left)
		page, err := w.server.Feed.Changes(ctx, w.organization, pull, w.write)
		if err != nil {
			return err
		}
		count, size = w.count-count, w.size-size
		if left -= count; left == 0 || !page.More {
			w.end(page)
			if err := w.flush(); err != nil {
				return err
			}
			return w.sent()
		}
		if w.keptUp {
			stretch = min(4*stretch, max(1, count*stretchBytes/size))
		} else {
			w.keptUp = w.taken()
			if err := w.flush(); err != nil {
				return err
			}
			stretch = max(1, count*portionBytes/size)
		}
		pull.Cursor, pull.Wait = page.Cursor, 0
		if cap(w.buffer) < portionRoom { // there is more to come: not even the first portion grows by itself
			w.buffer = append(*portions.Get().(*[]byte), w.buffer...)
		}
	}
}

// write adds a change to the portion, and sends it when it is full. ErrEnough: the
// reader does not keep up.
func (w *changesWriter) write(change sync.Record) error {
	before := len(w.buffer)
	if !w.lines && w.count > 0 {
		w.buffer = append(w.buffer, ',')
	}
	w.count++
	w.buffer = appendChange(w.buffer, change)
	if w.lines {
		w.buffer = append(w.buffer, '\n')
	}
	w.size += len(w.buffer) - before
	if len(w.buffer) < portionBytes {
		return nil
	}
	if w.keptUp = w.taken(); w.keptUp {
		return w.flush()
	}
	return sync.ErrEnough
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
	full, now := w.buffer, &sending{done: make(chan struct{})}
	if cap(w.spare) < portionBytes {
		w.spare = *portions.Get().(*[]byte)
	}
	w.buffer, w.spare, w.sending = w.spare[:0], full, now
	go func() {
		defer close(now.done)
		now.err = w.send(full)
	}()
	return nil
}

// taken says whether the portion before is sent, or is within a moment.
func (w *changesWriter) taken() bool {
	if w.sending == nil {
		return true
	}
	select {
	case <-w.sending.done:
		return true
	case <-time.After(portionMoment):
		return false
	}
}

// sent waits until the portion before is sent.
func (w *changesWriter) sent() error {
	if w.sending == nil {
		return nil
	}
	<-w.sending.done
	err := w.sending.err
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
	for _, buffer := range [][]byte{w.buffer, w.spare} {
		if cap(buffer) == portionRoom {
			buffer = buffer[:0]
			portions.Put(&buffer)
		}
	}
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
