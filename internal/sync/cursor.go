package sync

import (
	"encoding/base64"
	"encoding/binary"
	"hash/crc32"

	"github.com/google/uuid"

	"github.com/interpos/cabinet/internal/fault"
)

// cursor is a position in a feed, as clients carry it: opaque to them, bound to
// the feed's epoch.
type cursor struct {
	epoch uuid.UUID
	seq   int64
}

const cursorSize = 16 + 8 + 4

func (c cursor) String() string {
	raw := append(make([]byte, 0, cursorSize), c.epoch[:]...)
	raw = binary.BigEndian.AppendUint64(raw, uint64(c.seq))
	raw = binary.BigEndian.AppendUint32(raw, crc32.ChecksumIEEE(raw))
	return base64.RawURLEncoding.EncodeToString(raw)
}

// parseCursor reads a cursor; "" is the beginning of any feed. One that was made
// up is Malformed.
func parseCursor(text string) (cursor, error) {
	if text == "" {
		return cursor{}, nil
	}
	raw, err := base64.RawURLEncoding.Strict().DecodeString(text)
	if err != nil || len(raw) != cursorSize ||
		binary.BigEndian.Uint32(raw[24:]) != crc32.ChecksumIEEE(raw[:24]) {
		return cursor{}, fault.New(fault.Malformed, "The cursor is not one that this server gave.")
	}
	c := cursor{seq: int64(binary.BigEndian.Uint64(raw[16:]))}
	copy(c.epoch[:], raw)
	if c.seq < 0 {
		return cursor{}, fault.New(fault.Malformed, "The cursor is not one that this server gave.")
	}
	return c, nil
}

// servedBy says whether a feed can go on from the cursor. One of another epoch,
// or ahead of the head (an older backup was restored), is CursorExpired.
func (c cursor) servedBy(feed Position) error {
	begins := c == cursor{}
	if !begins && (c.epoch != feed.Epoch || c.seq > feed.Head) {
		return fault.New(fault.CursorExpired, "The feed cannot go on from this cursor. Start again without one.")
	}
	return nil
}
