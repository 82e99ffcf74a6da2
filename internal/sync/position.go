package sync

import (
	"context"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/interpos/cabinet/internal/db"
	"github.com/interpos/cabinet/internal/fault"
)

// Position is a place in an organization's feed.
type Position struct {
	Epoch  uuid.UUID
	Head   int64
	mark   int64 // of the push that made the head
	purged int64 // the greatest number that a purged tombstone had
}

// Cursor is the position as clients carry it.
func (p Position) Cursor() string { return Cursor{p.Epoch, p.Head, p.Head, p.mark, p.purged}.String() }

// Advance is the position after a push has moved the head, under its mark.
func (p Position) Advance(head, mark int64) Position {
	p.Head, p.mark = head, mark
	return p
}

// Position is where the organization's feed stands.
func (f *Feed) Position(ctx context.Context, organization uuid.UUID) (feed Position, err error) {
	err = f.db.ForOrganization(ctx, organization, func(tx db.Tx) (err error) {
		feed, err = readPosition(ctx, tx, organization)
		return err
	})
	return feed, err
}

const positionColumns = `epoch, head, mark, purged_seq`

func readPosition(ctx context.Context, tx pgx.Tx, organization uuid.UUID) (feed Position, err error) {
	err = tx.QueryRow(ctx, `SELECT `+positionColumns+` FROM feeds WHERE organization_id = $1`, organization).
		Scan(&feed.Epoch, &feed.Head, &feed.mark, &feed.purged)
	return feed, err
}

// Continuation says where a feed stands, and whether it goes on from a cursor.
type Continuation struct {
	Position
	from Cursor
	held bool // the feed holds the push that made the cursor's head
}

// markHeld is whether the feed of an organization ($1) holds the push that made a
// cursor's head ($2) under its mark ($3).
const markHeld = `EXISTS (SELECT FROM feed_marks WHERE organization_id = $1 AND seq = $2 AND mark = $3)`

// QueuePosition reads where the feed stands, and whether it goes on from a cursor.
// The answer is filled in when the batch is read.
func QueuePosition(batch *pgx.Batch, organization uuid.UUID, from Cursor) *Continuation {
	c := &Continuation{from: from}
	batch.Queue(`SELECT `+positionColumns+`, `+markHeld+` FROM feeds WHERE organization_id = $1`, organization, from.head, from.mark).
		QueryRow(func(row pgx.Row) error { return row.Scan(&c.Epoch, &c.Head, &c.mark, &c.purged, &c.held) })
	return c
}

// QueueLock is QueuePosition that takes the feed for this transaction alone, until it
// ends. What is read after it has waited is another statement, with a snapshot of its own.
func QueueLock(batch *pgx.Batch, organization uuid.UUID, from Cursor) *Continuation {
	c := &Continuation{from: from}
	batch.Queue(`SELECT `+positionColumns+` FROM feeds WHERE organization_id = $1 FOR UPDATE`, organization).
		QueryRow(func(row pgx.Row) error { return row.Scan(&c.Epoch, &c.Head, &c.mark, &c.purged) })
	batch.Queue(`SELECT `+markHeld, organization, from.head, from.mark).
		QueryRow(func(row pgx.Row) error { return row.Scan(&c.held) })
	return c
}

// Err is CursorExpired for a cursor of another epoch, of a push that the feed does not
// hold (an older backup was restored, or the mark was removed for its age), or behind a
// tombstone that was purged since its bearer began.
func (c *Continuation) Err() error {
	from := c.from
	switch {
	case from == Cursor{}:
		return nil
	case from.epoch != c.Epoch, from.head > c.Head, from.head > 0 && !c.held, from.seq > 0 && c.purged > max(from.seq, from.purged):
		return fault.New(fault.CursorExpired, "The feed cannot go on from this cursor. Start again without one.")
	}
	return nil
}
