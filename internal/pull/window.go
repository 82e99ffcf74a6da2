package pull

import (
	"context"
	"strconv"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/interpos/cabinet/internal/db"
	"github.com/interpos/cabinet/internal/sync"
)

// As long as its reader keeps up, one transaction reads several chunks, a window, without
// a pause. Where it does not, the window ends: slow as a reader may be, it holds no
// connection of the database longer than takenWithin for a chunk.
const (
	firstWindowRows = 500
	windowBytes     = 8 * chunkBytes // that a window aims at
	windowGrowth    = 4              // at most, from one to the next: a reader that falls behind does so in a short one
)

// window is what one transaction has read.
type window struct {
	next  sync.Cursor // where to go on
	more  bool        // the feed has more already
	rows  int
	bytes int // of their data
}

// pace is how fast a reader is read for.
type pace struct {
	rows    int  // of the next window
	keepsUp bool // the reader took every chunk within takenWithin
}

func newPace() pace { return pace{rows: firstWindowRows, keepsUp: true} }

// chooseRows chooses the size of the window behind one: a reader that was late gets one chunk.
func (p *pace) chooseRows(before window, late bool) {
	fitting := func(bytes int) int { return max(1, before.rows*bytes/max(1, before.bytes)) }
	if late {
		p.rows = fitting(chunkBytes)
	} else {
		p.rows = min(windowGrowth*p.rows, fitting(windowBytes))
	}
}

// readWindow gives yield the next changes of the feed, at most so many rows, until it has
// enough. It reads in one snapshot, so that the head and the changes up to it belong
// together, and in one round trip: long reads are many of them. yield may wait for nobody
// longer than a moment, since a transaction is open.
// Error: CursorExpired, before the first yield.
func (s *Sender) readWindow(ctx context.Context, organization uuid.UUID, from sync.Cursor, request Request, rows int,
	yield func(*sync.Record) (enough bool, err error)) (w window, err error) {
	err = s.db.Snapshot(ctx, organization, func(tx db.Tx) error {
		last, batch := int64(0), &pgx.Batch{}
		feed := sync.QueuePosition(batch, organization, from)
		query, args := windowQuery(organization, from, request, rows)
		batch.Queue(query, args...).Query(func(found pgx.Rows) error {
			if err := feed.Err(); err != nil {
				return err
			}
			records, enough := sync.ReadRecords(found), false
			for records.Next() {
				if w.more = w.rows == rows || enough; w.more {
					break
				}
				w.rows, w.bytes, last = w.rows+1, w.bytes+len(records.Data), records.Seq
				var err error
				if enough, err = yield(&records.Record); err != nil {
					return err
				}
			}
			return records.Err()
		})
		if err := tx.SendBatch(ctx, batch).Close(); err != nil {
			return err
		}
		if !w.more {
			last = feed.Head
		}
		w.next = from.Next(feed.Position, last)
		return nil
	})
	return w, err
}

// windowQuery reads one row more than the window has, to know whether there is more. What
// the request does not ask for costs no look at each row.
func windowQuery(organization uuid.UUID, from sync.Cursor, request Request, rows int) (text string, args []any) {
	args = []any{organization, from.Seq(), rows + 1}
	text = `SELECT ` + sync.RecordColumns + ` FROM records WHERE organization_id = $1 AND seq > $2`
	if request.Kinds != nil {
		args = append(args, request.Kinds)
		text += ` AND kind = ANY ($` + strconv.Itoa(len(args)) + `)`
	}
	if request.NotDevice != uuid.Nil {
		args = append(args, request.NotDevice)
		text += ` AND device_id <> $` + strconv.Itoa(len(args))
	}
	return text + ` ORDER BY seq LIMIT $3`, args
}
