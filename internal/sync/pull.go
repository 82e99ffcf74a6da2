package sync

import (
	"context"
	"encoding/binary"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// Pull asks for the changes after a cursor.
type Pull struct {
	Cursor string
	Limit  int           // 1 to MaxPage; a page of long records ends earlier
	Kinds  []string      // none: all
	Not    uuid.UUID     // leaves out this device's own changes; Nil: none
	Wait   time.Duration // how long to hold the answer until something arrives
}

// maxPageBytes of data end a page: whoever reads it holds it in memory.
const maxPageBytes = 2 << 20

// Page is what a pull answers beside its changes: where to go on, and whether
// there is more already.
type Page struct {
	Cursor string
	More   bool
}

// Changes calls yield for each change after the cursor, in the order of the
// feed, as they are read: yield must not wait for anybody, since a transaction
// is open. Errors: Malformed and CursorExpired, both before the first yield.
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
// belong together.
func (f *Feed) page(ctx context.Context, organization uuid.UUID, from cursor, pull Pull, yield func(Record) error) (page Page, count int, err error) {
	err = f.db.Snapshot(ctx, organization, func(tx pgx.Tx) error {
		feed, err := position(ctx, tx, organization)
		if err != nil {
			return err
		}
		if err := from.servedBy(ctx, tx, organization, feed); err != nil {
			return err
		}
		last := feed.Head
		rows, err := tx.Query(ctx, `
			SELECT `+recordColumns+` FROM records
			WHERE organization_id = $1 AND seq > $2 AND seq <= $3 AND ($4::text[] IS NULL OR kind = ANY ($4))
				AND device_id <> $6
			ORDER BY seq LIMIT $5`, binaryRecord, organization, from.seq, feed.Head, pull.Kinds, pull.Limit+1, pull.Not)
		if err != nil {
			return err
		}
		defer rows.Close()
		for size := 0; rows.Next(); count++ {
			if page.More = count == pull.Limit || size >= maxPageBytes; page.More {
				break
			}
			change := recordOf(rows.RawValues())
			if err := yield(change); err != nil {
				return err
			}
			size, last = size+len(change.Data), change.Seq
		}
		if !page.More {
			last = feed.Head
		}
		page.Cursor = from.next(feed, last).String()
		return rows.Err()
	})
	return page, count, err
}

// binaryRecord asks for recordColumns as recordOf reads them.
var binaryRecord = pgx.QueryResultFormats{
	pgx.BinaryFormatCode, pgx.BinaryFormatCode, pgx.BinaryFormatCode, pgx.BinaryFormatCode,
	pgx.BinaryFormatCode, pgx.BinaryFormatCode, pgx.BinaryFormatCode, pgx.BinaryFormatCode,
}

// recordOf reads recordColumns in PostgreSQL's binary format (integers big-endian,
// times in microseconds since 2000): a pull reads them by the hundred thousand,
// and pgx's Scan costs as much as all the rest.
func recordOf(columns [][]byte) (r Record) {
	const epoch = 946_684_800_000_000 // 2000-01-01 in microseconds of Unix time
	r.Kind = string(columns[0])
	copy(r.ID[:], columns[1])
	r.Version = int64(binary.BigEndian.Uint64(columns[2]))
	r.Seq = int64(binary.BigEndian.Uint64(columns[3]))
	r.ModifiedAt = time.UnixMicro(int64(binary.BigEndian.Uint64(columns[4])) + epoch)
	r.Deleted = columns[5][0] != 0
	copy(r.DeviceID[:], columns[6])
	r.Data = string(columns[7])
	return r
}

// Position is where the organization's feed stands.
func (f *Feed) Position(ctx context.Context, organization uuid.UUID) (feed Position, err error) {
	err = f.db.Bulk(ctx, organization, func(tx pgx.Tx) (err error) {
		feed, err = position(ctx, tx, organization)
		return err
	})
	return feed, err
}

func position(ctx context.Context, tx pgx.Tx, organization uuid.UUID) (feed Position, err error) {
	err = tx.QueryRow(ctx, `SELECT epoch, head, mark, purged_seq FROM feeds WHERE organization_id = $1`, organization).
		Scan(&feed.Epoch, &feed.Head, &feed.mark, &feed.purged)
	return feed, err
}
