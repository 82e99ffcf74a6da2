package pull

import (
	"encoding/hex"
	"strconv"
	"time"

	"github.com/google/uuid"

	"github.com/interpos/cabinet/internal/sync"
)

// frame writes changes as one JSON object or as lines, without reflection. Data is handed
// through as it is stored.
type frame struct {
	lines bool
	count int // changes that are written
}

func (f *frame) appendBegin(b []byte) []byte {
	if f.lines {
		return b
	}
	return append(b, `{"changes":[`...)
}

func (f *frame) appendNext(b []byte, change *sync.Record) []byte {
	if !f.lines && f.count > 0 {
		b = append(b, ',')
	}
	f.count++
	b = appendChange(b, change)
	if f.lines {
		b = append(b, '\n')
	}
	return b
}

func (f *frame) appendEnd(b []byte, cursor string, more bool) []byte {
	if f.lines {
		b = append(b, '{')
	} else {
		b = append(b, "],"...)
	}
	b = append(append(b, `"cursor":"`...), cursor...)
	b = strconv.AppendBool(append(b, `","more":`...), more)
	return append(b, "}\n"...)
}

func appendChange(b []byte, change *sync.Record) []byte {
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
