package api

import (
	"encoding/json"
	"strconv"
	"time"

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

// changesWriter writes a page of the feed as JSON or as lines. Data is handed
// through as it is stored.
type changesWriter struct {
	lines  bool
	count  int
	buffer []byte
}

func newChangesWriter(lines bool) *changesWriter {
	w := &changesWriter{lines: lines}
	if !lines {
		w.buffer = append(w.buffer, `{"changes":[`...)
	}
	return w
}

func (w *changesWriter) contentType() string {
	if w.lines {
		return mimeNDJSON
	}
	return "application/json"
}

func (w *changesWriter) write(change sync.Record) error {
	w.count++
	if !w.lines && w.buffer[len(w.buffer)-1] != '[' {
		w.buffer = append(w.buffer, ',')
	}
	w.buffer = appendChange(w.buffer, change)
	if w.lines {
		w.buffer = append(w.buffer, '\n')
	}
	return nil
}

// end finishes the answer and returns all of it.
func (w *changesWriter) end(page sync.Page) []byte {
	if w.lines {
		w.buffer = append(w.buffer, '{')
	} else {
		w.buffer = append(w.buffer, "],"...)
	}
	w.buffer = append(w.buffer, `"cursor":"`...)
	w.buffer = append(w.buffer, page.Cursor...)
	w.buffer = append(w.buffer, `","more":`...)
	w.buffer = strconv.AppendBool(w.buffer, page.More)
	return append(w.buffer, "}\n"...)
}

func appendChange(b []byte, change sync.Record) []byte {
	b = append(append(b, `{"kind":"`...), change.Kind...)
	b = append(append(b, `","id":"`...), change.ID.String()...)
	b = strconv.AppendInt(append(b, `","version":`...), change.Version, 10)
	b = strconv.AppendInt(append(b, `,"seq":`...), change.Seq, 10)
	b = change.ModifiedAt.UTC().AppendFormat(append(b, `,"modified_at":"`...), time.RFC3339Nano)
	b = strconv.AppendBool(append(b, `","deleted":`...), change.Deleted)
	b = append(append(b, `,"device_id":"`...), change.DeviceID.String()...)
	b = append(append(b, `","data":`...), change.Data...)
	return append(b, '}')
}
