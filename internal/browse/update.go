package browse

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/interpos/cabinet/internal/cursor"
	"github.com/interpos/cabinet/internal/fault"
	"github.com/interpos/cabinet/internal/projection"
	"github.com/interpos/cabinet/internal/sync"
)

// MaxPageData is how many bytes of records' data a page holds, but for its last item.
const MaxPageData = 4 << 20

// Updates is a part of what the cabinet has taken of a kind, in the order in which it did:
// that of the feed. NextCursor is never empty: what comes later comes after it. Total is not
// counted.
type Updates[Item any] struct {
	Page[Item]
	Deleted []Deletion // in the same order
	More    bool       // there is more already
}

// Deletion is a record that was deleted.
type Deletion struct {
	ID        uuid.UUID
	Seq       int64
	UpdatedAt time.Time // when the cabinet took the deletion
}

// errUpdatesLost is for a cursor of a feed that does not go on, or of another list.
var errUpdatesLost = fault.New(fault.CursorExpired, "The list does not go on from this cursor. Read it anew, by updated_since alone.")

// DocumentUpdates gives what has changed of a kind since a moment, or after the cursor of an
// earlier answer. Deleted documents are told whatever the filter: they have no fields any
// more. Errors: as Documents; CursorExpired.
func (r *Records) DocumentUpdates(ctx context.Context, organization uuid.UUID, name string, since time.Time, query DocumentQuery) (Updates[Document], error) {
	after := query.Cursor
	query.WithData, query.inFeedOrder, query.Cursor = true, true, ""
	return readUpdates(ctx, r, organization, name, since, after, query.Limit, func() (*list[Document], error) {
		return documentList(organization, name, query, listedFields)
	}, func(d *Document) int64 { return d.Seq })
}

// EntryUpdates is DocumentUpdates for a directory.
func (r *Records) EntryUpdates(ctx context.Context, organization uuid.UUID, name string, since time.Time, query EntryQuery) (Updates[Entry], error) {
	after := query.Cursor
	query.WithData, query.inFeedOrder, query.Cursor = true, true, ""
	return readUpdates(ctx, r, organization, name, since, after, query.Limit, func() (*list[Entry], error) {
		return entryList(organization, name, query, listedFields)
	}, func(e *Entry) int64 { return e.Seq })
}

// inFeedOrder is the table in the order of the feed.
func (t *table[Item]) inFeedOrder() *table[Item] {
	ordered := *t
	ordered.sorts = []sortColumn{{"seq", cursor.Column{Expression: "r.seq", Type: cursor.Integer}}}
	ordered.descending = false
	// By the feed's index, with a look at each record's row: so a page costs what is on it.
	ordered.from = "records r"
	ordered.joined = `
CROSS JOIN LATERAL (SELECT * FROM ` + strings.TrimSuffix(t.from, " t") + ` WHERE organization_id = r.organization_id AND kind = r.kind AND id = r.id OFFSET 0) t`
	return &ordered
}

func readUpdates[Item any](ctx context.Context, r *Records, organization uuid.UUID, kind string, since time.Time, after string, limit int,
	newList func() (*list[Item], error), seqOf func(*Item) int64) (updates Updates[Item], err error) {
	from, err := sync.ParseCursor(after)
	if err != nil {
		return updates, errUpdatesLost
	}
	err = r.projector.Read(ctx, organization, func(tx pgx.Tx, view projection.View) error {
		updates = Updates[Item]{}
		live, err := newList()
		if err != nil {
			return err
		}
		feed, err := continueFeed(ctx, tx, organization, from)
		if err != nil {
			return err
		}
		start := from.Seq() + 1
		if after == "" {
			if start, err = firstSince(ctx, tx, organization, since, view.Seq); err != nil {
				return err
			}
		}
		deleted := &filter{conditions: []string{"r.deleted"}}
		for _, conditions := range []*filter{live.filter, deleted} {
			conditions.requireThat("r.organization_id = %s", organization)
			conditions.requireThat("r.kind = %s", kind)
			conditions.requireThat("r.seq >= %s", start)
			conditions.requireThat("r.seq <= %s", view.Seq) // later ones are not projected yet
		}
		if updates.Page, err = live.readPage(ctx, tx, limit); err != nil {
			return err
		}
		updates.Freshness = view.Freshness
		if updates.Deleted, err = readDeletions(ctx, tx, deleted, limit+1); err != nil {
			return err
		}
		feed.Epoch = view.Epoch // what was read is of the feed that the projections follow
		updates.NextCursor = from.Next(feed, updates.cut(limit, view.Seq, seqOf)).String()
		return nil
	})
	return updates, err
}

// continueFeed is where the feed stands, if it goes on from a cursor: its readers are those of
// the feed, and lose their place in it for the same reasons. Error: CursorExpired.
func continueFeed(ctx context.Context, tx pgx.Tx, organization uuid.UUID, from sync.Cursor) (sync.Position, error) {
	queue := &pgx.Batch{}
	feed := sync.QueuePosition(queue, organization, from)
	if err := tx.SendBatch(ctx, queue).Close(); err != nil {
		return sync.Position{}, err
	}
	if feed.Err() != nil {
		return sync.Position{}, errUpdatesLost
	}
	return feed.Position, nil
}

// cut ends items and deletions at the same place of the feed, and gives it: the projections'
// position, or where a page of one of them ends.
func (u *Updates[Item]) cut(limit int, position int64, seqOf func(*Item) int64) int64 {
	end := position
	if u.NextCursor != "" {
		end, u.More = seqOf(&u.Items[len(u.Items)-1]), true
	}
	if len(u.Deleted) > limit {
		end, u.More = min(end, u.Deleted[limit-1].Seq), true
	}
	for len(u.Items) > 0 && seqOf(&u.Items[len(u.Items)-1]) > end {
		u.Items = u.Items[:len(u.Items)-1]
	}
	for len(u.Deleted) > 0 && u.Deleted[len(u.Deleted)-1].Seq > end {
		u.Deleted = u.Deleted[:len(u.Deleted)-1]
	}
	return end
}

func readDeletions(ctx context.Context, tx pgx.Tx, conditions *filter, limit int) ([]Deletion, error) {
	statement := "SELECT r.id, r.seq, r.received_at FROM records r WHERE " + conditions.whereClause() +
		" ORDER BY r.seq LIMIT " + conditions.addArgument(limit)
	found, err := tx.Query(ctx, statement, conditions.args...)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(found, pgx.RowToStructByPos[Deletion])
}

// clockTolerance is how far the clocks of server processes may be apart: by as much may a
// change have been taken before one that stands earlier in the feed.
const clockTolerance = 10 * time.Minute

// firstSince is the place in the feed from which on all was taken at a moment or later, save
// for clocks that differ: then what stands behind it comes too. It is found by halves: the
// feed has an index by place, and none by time.
func firstSince(ctx context.Context, tx pgx.Tx, organization uuid.UUID, since time.Time, position int64) (int64, error) {
	low, high := int64(0), position+1
	for low < high {
		middle := low + (high-low)/2
		seq, at := int64(0), time.Time{}
		err := tx.QueryRow(ctx, `SELECT seq, received_at FROM records WHERE organization_id = $1 AND seq >= $2 ORDER BY seq LIMIT 1`,
			organization, middle).Scan(&seq, &at)
		switch {
		case errors.Is(err, pgx.ErrNoRows):
			high = middle
		case err != nil:
			return 0, err
		case at.Before(since.Add(-clockTolerance)):
			low = seq + 1
		default:
			high = middle
		}
	}
	first := position + 1
	err := tx.QueryRow(ctx, `SELECT seq FROM records WHERE organization_id = $1 AND seq >= $2 AND received_at >= $3 ORDER BY seq LIMIT 1`,
		organization, low, since).Scan(&first)
	if errors.Is(err, pgx.ErrNoRows) {
		err = nil
	}
	return first, err
}
