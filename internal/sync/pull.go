package sync

import (
	"context"
	"encoding/binary"
	"errors"
	"strconv"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// Pull asks for the changes after a cursor.
type Pull struct {
	Cursor string
	Limit  int           // at least 1
	Kinds  []string      // none: all
	Not    uuid.UUID     // leaves out this device's own changes; Nil: none
	Wait   time.Duration // how long to hold the answer until something arrives
}

// ErrEnough is what a yield gives to end the page behind the change that it was given.
var ErrEnough = errors.New("sync: enough")

// Page is what a pull answers beside its changes: where to go on, and whether
// there is more already.
type Page struct {
	Cursor string
	More   bool
}

// Changes calls yield for each change after the cursor, in the order of the
// feed, as they are read: yield may wait for nobody longer than a moment, since a
// transaction is open. It ends the page by ErrEnough. The data of a change is valid
// until yield returns.
// Errors: Malformed and CursorExpired, both before the first yield.
func (f *Feed) Changes(ctx context.Context, organization uuid.UUID, pull Pull, yield func(Record) error) (Page, error) {
	from, err := parseCursor(pull.Cursor)
	if err != nil {
		return Page{}, err
	}
	deadline := time.Now().Add(pull.Wait)
	for {
		var arrived <-chan struct{}
		if pull.Wait > 0 {
			var leave func()
			arrived, leave = f.waiting.join(organization)
			defer leave()
		}
		page, count, err := f.page(ctx, organization, from, pull, yield)
		if err != nil || count > 0 || time.Until(deadline) <= 0 {
			return page, err
		}
		from, _ = parseCursor(page.Cursor)
		if !f.wait(ctx, arrived, time.Until(deadline)) {
			return page, nil
		}
	}
}

// wait holds until something arrives; false: the time is over, nobody listens, or
// the server stops.
func (f *Feed) wait(ctx context.Context, arrived <-chan struct{}, most time.Duration) bool {
	timer := time.NewTimer(most)
	defer timer.Stop()
	select {
	case <-arrived:
		return true
	case <-timer.C:
	case <-ctx.Done():
	case <-f.stopping:
	}
	return false
}

// page reads one page in one snapshot, so that the head and the changes up to it
// belong together, and in one round trip: long reads are many of them.
func (f *Feed) page(ctx context.Context, organization uuid.UUID, from cursor, pull Pull, yield func(Record) error) (page Page, count int, err error) {
	err = f.db.Snapshot(ctx, organization, func(tx pgx.Tx) error {
		var feed Position
		var held bool
		last, batch := int64(0), &pgx.Batch{}
		queuePosition(batch, organization, from, &feed, &held)
		query, args := pull.query(organization, from)
		batch.Queue(query, args...).Query(func(rows pgx.Rows) error {
			if err := from.servedBy(feed, held); err != nil {
				return err
			}
			var change Record
			for enough := false; rows.Next(); count++ {
				if page.More = count == pull.Limit || enough; page.More {
					break
				}
				change.read(rows.RawValues())
				err := yield(change)
				if enough = errors.Is(err, ErrEnough); err != nil && !enough {
					return err
				}
				last = change.Seq
			}
			return nil
		})
		if err := tx.SendBatch(ctx, batch).Close(); err != nil {
			return err
		}
		if !page.More {
			last = feed.Head
		}
		page.Cursor = from.next(feed, last).String()
		return nil
	})
	return page, count, err
}

// query reads recordColumns, and whether there is more. What it does not ask for
// costs no look at each row.
func (p *Pull) query(organization uuid.UUID, from cursor) (text string, args []any) {
	args = []any{organization, from.seq, p.Limit + 1}
	text = `SELECT ` + recordColumns + ` FROM records WHERE organization_id = $1 AND seq > $2`
	if p.Kinds != nil {
		args = append(args, p.Kinds)
		text += ` AND kind = ANY ($` + strconv.Itoa(len(args)) + `)`
	}
	if p.Not != uuid.Nil {
		args = append(args, p.Not)
		text += ` AND device_id <> $` + strconv.Itoa(len(args))
	}
	return text + ` ORDER BY seq LIMIT $3`, args
}

// read takes recordColumns over in PostgreSQL's binary format (integers big-endian,
// times in microseconds since 2000), and refers to the data: a pull reads them by
// the hundred thousand, and pgx's Scan costs as much as all the rest.
func (r *Record) read(columns [][]byte) {
	const epoch = 946_684_800_000_000 // 2000-01-01 in microseconds of Unix time
	if r.Kind != string(columns[0]) {
		r.Kind = string(columns[0])
	}
	copy(r.ID[:], columns[1])
	r.Version = int64(binary.BigEndian.Uint64(columns[2]))
	r.Seq = int64(binary.BigEndian.Uint64(columns[3]))
	r.ModifiedAt = time.UnixMicro(int64(binary.BigEndian.Uint64(columns[4])) + epoch)
	r.Deleted = columns[5][0] != 0
	copy(r.DeviceID[:], columns[6])
	r.Data = columns[7]
}

// Position is where the organization's feed stands.
func (f *Feed) Position(ctx context.Context, organization uuid.UUID) (feed Position, err error) {
	err = f.db.Bulk(ctx, organization, func(tx pgx.Tx) (err error) {
		feed, err = position(ctx, tx, organization)
		return err
	})
	return feed, err
}

const positionColumns = `epoch, head, mark, purged_seq`

func position(ctx context.Context, tx pgx.Tx, organization uuid.UUID) (feed Position, err error) {
	err = tx.QueryRow(ctx, `SELECT `+positionColumns+` FROM feeds WHERE organization_id = $1`, organization).
		Scan(&feed.Epoch, &feed.Head, &feed.mark, &feed.purged)
	return feed, err
}

// queuePosition reads where the feed stands, and for servedBy whether it holds the
// push that made a cursor's head.
func queuePosition(batch *pgx.Batch, organization uuid.UUID, from cursor, feed *Position, held *bool) {
	batch.Queue(`SELECT `+positionColumns+`, `+markHeld+` FROM feeds WHERE organization_id = $1`, organization, from.head, from.mark).
		QueryRow(func(row pgx.Row) error {
			return row.Scan(&feed.Epoch, &feed.Head, &feed.mark, &feed.purged, held)
		})
}
