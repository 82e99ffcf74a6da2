package browse

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/interpos/cabinet/internal/cursor"
	"github.com/interpos/cabinet/internal/fault"
	"github.com/interpos/cabinet/internal/projection"
	"github.com/interpos/cabinet/internal/record"
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
	return readUpdates(ctx, r, organization, name, since, query.Cursor, query.Limit, func(order string) (*list[Document], error) {
		query.Sort, query.WithData = order, true
		return documentList(organization, name, query, listedFields)
	}, func(d *Document) int64 { return d.Seq })
}

// EntryUpdates is DocumentUpdates for a directory.
func (r *Records) EntryUpdates(ctx context.Context, organization uuid.UUID, name string, since time.Time, query EntryQuery) (Updates[Entry], error) {
	return readUpdates(ctx, r, organization, name, since, query.Cursor, query.Limit, func(order string) (*list[Entry], error) {
		query.Sort, query.WithData = order, true
		return entryList(organization, name, query, listedFields)
	}, func(e *Entry) int64 { return e.Seq })
}

// updatesPrefix begins the names of orders of a feed.
const updatesPrefix = "updated in "

// updatesOrder names the order of the feed. Another epoch has another feed.
func updatesOrder(epoch uuid.UUID) string { return updatesPrefix + epoch.String() }

// bySeq is the order of the feed for lists of records r.
func bySeq(name string) sortColumn {
	return sortColumn{name, cursor.Column{Expression: "r.seq", Type: cursor.Integer}}
}

// orUpdates is the table in the order of the feed, where that is asked for.
func (t *table[Item]) orUpdates(order string) *table[Item] {
	if !strings.HasPrefix(order, updatesPrefix) {
		return t
	}
	updates := *t
	updates.sorts = []sortColumn{bySeq(order)}
	// By the feed's index, with a look at each record's row: so a page costs what is on it.
	updates.from = "records r"
	updates.joined = `
CROSS JOIN LATERAL (SELECT * FROM ` + strings.TrimSuffix(t.from, " t") + ` WHERE organization_id = r.organization_id AND kind = r.kind AND id = r.id OFFSET 0) t`
	return &updates
}

func readUpdates[Item any](ctx context.Context, r *Records, organization uuid.UUID, kind string, since time.Time, after string, limit int,
	listBy func(order string) (*list[Item], error), seqOf func(*Item) int64) (updates Updates[Item], err error) {
	err = r.projector.Read(ctx, organization, func(tx pgx.Tx, view projection.View) error {
		order := updatesOrder(view.Epoch)
		updates = Updates[Item]{}
		live, err := listBy(order)
		if err != nil {
			return orLost(err)
		}
		deleted, err := deletions(kind, order, after)
		if err != nil {
			return orLost(err)
		}
		start := int64(0)
		if after == "" {
			if start, err = firstSince(ctx, tx, organization, since, view.Seq); err != nil {
				return err
			}
		}
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
		updates.cut(limit, order, view.Seq, seqOf)
		return nil
	})
	return updates, err
}

// orLost says that a cursor does not go on; what else is wrong stays what it is.
func orLost(err error) error {
	if errors.Is(err, cursor.ErrForeign) {
		return errUpdatesLost
	}
	return err
}

// cut ends items and deletions at the same place of the feed: at the projections' position,
// or where a page of one of them ends.
func (u *Updates[Item]) cut(limit int, order string, position int64, seqOf func(*Item) int64) {
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
	u.NextCursor = newOrder(bySeq(order), false).Cursor([]string{strconv.FormatInt(end, 10), uuid.Max.String()})
}

// deletions are the conditions of a kind's tombstones after a cursor.
func deletions(kind, order, after string) (*filter, error) {
	if _, ok := record.Find(kind); !ok {
		return nil, fault.New(fault.NotFound, "There is no such kind of records.")
	}
	conditions := &filter{conditions: []string{"r.deleted"}}
	by := newOrder(bySeq(order), false)
	by.Columns[1].Expression = "r.id"
	condition, err := by.After(after, conditions.addArgument)
	conditions.conditions = append(conditions.conditions, condition)
	return conditions, err
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
