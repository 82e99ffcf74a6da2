package sync

import (
	"encoding/base64"
	"encoding/binary"
	"hash/crc32"

	"github.com/google/uuid"

	"github.com/interpos/cabinet/internal/fault"
)

// Cursor is a position in a feed, as clients carry it: opaque to them, bound to
// the feed's epoch and to the newest push that its bearer knows of. A feed that
// went on from an older backup has not got that push, though it may have its
// number: what it took later has another mark.
//
// The push that made the number seq would not do. While pages are read, records
// move from in front of the cursor to the head; a backup moves them back.
type Cursor struct {
	epoch  uuid.UUID
	seq    int64 // the bearer has seen the changes up to here
	head   int64 // of the feed when it did
	mark   int64 // of the push that made the head; 0 before the first
	purged int64 // tombstones up to here were gone when it began: it never read what they deleted
}

const cursorSize = 16 + 8 + 8 + 8 + 8 + 4

// cursorLength is that of its text. The decoder passes over line breaks: a longer
// text would be another spelling of the same cursor.
var cursorLength = base64.RawURLEncoding.EncodedLen(cursorSize)

// Seq is the number of the last change that the bearer has seen; 0: none.
func (c Cursor) Seq() int64 { return c.seq }

// String is the cursor's text.
func (c Cursor) String() string {
	raw := append(make([]byte, 0, cursorSize), c.epoch[:]...)
	for _, number := range []int64{c.seq, c.head, c.mark, c.purged} {
		raw = binary.BigEndian.AppendUint64(raw, uint64(number))
	}
	raw = binary.BigEndian.AppendUint32(raw, crc32.ChecksumIEEE(raw))
	return base64.RawURLEncoding.EncodeToString(raw)
}

// ParseCursor reads a cursor; "" is the beginning of any feed. One that was made
// up is Malformed.
func ParseCursor(text string) (Cursor, error) {
	if text == "" {
		return Cursor{}, nil
	}
	raw, err := base64.RawURLEncoding.Strict().DecodeString(text)
	const sum = cursorSize - 4
	if err != nil || len(text) != cursorLength || len(raw) != cursorSize || binary.BigEndian.Uint32(raw[sum:]) != crc32.ChecksumIEEE(raw[:sum]) {
		return Cursor{}, fault.New(fault.Malformed, "The cursor is not one that this server gave.")
	}
	number := func(at int) int64 { return int64(binary.BigEndian.Uint64(raw[at:])) }
	c := Cursor{seq: number(16), head: number(24), mark: number(32), purged: number(40)}
	copy(c.epoch[:], raw)
	if c.seq < 0 || c.seq > c.head || c.purged < 0 {
		return Cursor{}, fault.New(fault.Malformed, "The cursor is not one that this server gave.")
	}
	return c, nil
}

// Next is the cursor of a bearer that has read on to a number of a feed.
func (c Cursor) Next(feed Position, seq int64) Cursor {
	if c.seq == 0 {
		c.purged = feed.purged
	}
	return Cursor{feed.Epoch, seq, feed.Head, feed.mark, c.purged}
}
