package directory

import (
	"context"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/interpos/cabinet/internal/listing"
	"github.com/interpos/cabinet/internal/projection"
)

// exportPage is how many records an export reads at a time.
const exportPage = 2_000

var sorts = []listing.Sort{
	{Name: "name", Expression: "t.name", Type: listing.Text},
	{Name: "code", Expression: "t.code", Type: listing.Text},
	{Name: "modified_at", Expression: "r.modified_at", Type: listing.Time},
}

// list is a query, ready to be asked.
type list struct {
	organization uuid.UUID
	filter       *listing.Filter
	order        listing.Order
	countSQL     string
	countArgs    []any
}

const (
	fromEntries = `
FROM directory_entries t
JOIN records r ON r.organization_id = t.organization_id AND r.kind = t.kind AND r.id = t.id
WHERE `
	// inGroup is the group itself with all that are below it; a loop ends it too.
	inGroup = `t.group_id IN (
    WITH RECURSIVE below (id) AS (
        SELECT %s::uuid
        UNION
        SELECT g.id FROM directory_entries g JOIN below ON g.group_id = below.id
        WHERE g.organization_id = $1 AND g.kind = 'product_group'
    ) SELECT id FROM below)`
)

func newList(organization uuid.UUID, kind string, query Query) (*list, error) {
	if err := listing.CheckKind(kind, false); err != nil {
		return nil, err
	}
	order, err := listing.ParseOrder(query.Sort, sorts, false)
	if err != nil {
		return nil, err
	}
	filter := listing.NewFilter(organization, kind)
	filter.Search(projection.Patterns(query.Search))
	if query.Group != nil {
		filter.Where(inGroup, *query.Group)
	}
	if query.Archived != nil {
		filter.Where("t.archived = %s", *query.Archived)
	}
	l := &list{organization: organization, filter: filter, order: order}
	l.countSQL = "SELECT count(*) FROM directory_entries t WHERE " + filter.SQL()
	l.countArgs = append(l.countArgs, filter.Args()...)
	return l, order.After(filter, query.Cursor)
}

// page reads one page, with its total and references.
func (l *list) page(ctx context.Context, tx pgx.Tx, query Query) (Page, error) {
	page, err := l.items(ctx, tx, query.Limit)
	if err != nil {
		return Page{}, err
	}
	if err := tx.QueryRow(ctx, l.countSQL, l.countArgs...).Scan(&page.Total); err != nil {
		return Page{}, err
	}
	return page, nil
}

// items reads one page, one row more than the limit, to see whether there is another.
func (l *list) items(ctx context.Context, tx pgx.Tx, limit int) (Page, error) {
	statement := "SELECT t.kind, t.id, t.name, t.code, t.group_id, t.archived, r.modified_at, r.version, r.seq, r.data, " + l.order.Key() +
		fromEntries + l.filter.SQL() + " ORDER BY " + l.order.SQL() + " LIMIT " + l.filter.Arg(limit+1)
	found, err := tx.Query(ctx, statement, l.filter.Args()...)
	if err != nil {
		return Page{}, err
	}
	var page Page
	var item Item
	var key, lastKey string
	references := listing.References{}
	fields := []any{&item.Kind, &item.ID, &item.Name, &item.Code, &item.Group, &item.Archived, &item.ModifiedAt,
		&item.Version, &item.Seq, &item.Data, &key}
	_, err = pgx.ForEachRow(found, fields, func() error {
		if len(page.Items) == limit {
			page.NextCursor = l.order.Cursor(lastKey, page.Items[limit-1].ID)
			return nil
		}
		lastKey = key
		page.Items = append(page.Items, item)
		references.AddFrom(item.Data)
		return nil
	})
	if err != nil {
		return Page{}, err
	}
	page.References, err = references.Names(ctx, tx, l.organization)
	return page, err
}

// eachPage walks the whole list page by page.
func eachPage(ctx context.Context, tx pgx.Tx, organization uuid.UUID, kind string, query Query,
	row func(Item, map[uuid.UUID]string) error) error {
	return listing.Walk(exportPage, func(cursor string, limit int) (count int, next string, err error) {
		query.Cursor = cursor
		list, err := newList(organization, kind, query)
		if err != nil {
			return 0, "", err
		}
		page, err := list.items(ctx, tx, limit)
		for i := 0; i < len(page.Items) && err == nil; i++ {
			err = row(page.Items[i], page.References)
		}
		return len(page.Items), page.NextCursor, err
	})
}
