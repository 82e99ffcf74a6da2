package sync

import (
	"encoding/base64"
	"encoding/binary"
	"hash/crc32"

	"github.com/google/uuid"

	"github.com/interpos/cabinet/internal/fault"
)

// cursor is a position in a feed, as clients carry it: opaque to them, bound to
// the feed's epoch and to the newest push that its bearer knows of. A feed that
// went on from an older backup has not got that push, though it may have its
// number: what it took later has another mark.
//
// The push that made the number seq would not do. While pages are read, records
// move from in front of the cursor to the head; a backup moves them back.
type cursor struct {
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

func (c cursor) String() string {
	raw := append(make([]byte, 0, cursorSize), c.epoch[:]...)
	for _, number := range []int64{c.seq, c.head, c.mark, c.purged} {
		raw = binary.BigEndian.AppendUint64(raw, uint64(number))
	}
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
	const sum = cursorSize - 4
	if err != nil || len(text) != cursorLength || len(raw) != cursorSize || binary.BigEndian.Uint32(raw[sum:]) != crc32.ChecksumIEEE(raw[:sum]) {
		return cursor{}, fault.New(fault.Malformed, "The cursor is not one that this server gave.")
	}
	number := func(at int) int64 { return int64(binary.BigEndian.Uint64(raw[at:])) }
	c := cursor{seq: number(16), head: number(24), mark: number(32), purged: number(40)}
	copy(c.epoch[:], raw)
	if c.seq < 0 || c.seq > c.head || c.purged < 0 {
		return cursor{}, fault.New(fault.Malformed, "The cursor is not one that this server gave.")
	}
	return c, nil
}

// markHeld is whether the feed of an organization ($1) holds the push that made a
// cursor's head ($2) under its mark ($3).
const markHeld = `EXISTS (SELECT FROM feed_marks WHERE organization_id = $1 AND seq = $2 AND mark = $3)`

// servedBy says whether a feed can go on from the cursor; held is what markHeld
// finds. A cursor of another epoch, of a push that the feed does not hold (an older
// backup was restored, or the mark was removed for its age), or behind a tombstone
// that was purged since its bearer began, is CursorExpired.
func (c cursor) servedBy(feed Position, held bool) error {
	switch {
	case c == cursor{}:
		return nil
	case c.epoch != feed.Epoch, c.head > feed.Head, c.head > 0 && !held, c.seq > 0 && feed.purged > max(c.seq, c.purged):
		return fault.New(fault.CursorExpired, "The feed cannot go on from this cursor. Start again without one.")
	}
	return nil
}

// next is the cursor of a bearer that has read on to a number.
func (c cursor) next(feed Position, seq int64) cursor {
	if c.seq == 0 {
		c.purged = feed.purged
	}
	return cursor{feed.Epoch, seq, feed.Head, feed.mark, c.purged}
}
