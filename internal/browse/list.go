package browse

import (
	"context"
	"fmt"
	"slices"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/interpos/cabinet/internal/cursor"
	"github.com/interpos/cabinet/internal/fault"
	"github.com/interpos/cabinet/internal/projection"
	"github.com/interpos/cabinet/internal/record"
)

// Page is a part of a list. Total counts the whole list.
type Page[Item any] struct {
	Items      []Item
	NextCursor string // "" on the last page
	Total      int64
	References map[uuid.UUID]Name // names of the ids in the items
	Freshness  projection.Freshness
}

// table says how the rows of a projected table become the items of a list.
type table[Item any] struct {
	columns    string // what is selected
	from       string // the projected table as t
	joined     string // what belongs to its rows, as r
	sorts      []sortColumn
	descending bool // the first of sorts, where no order is asked for
	pageSize   int  // rows that are read at a time where the whole list is
	targets    func(*Item) []any
	read       func(*Item, []record.Field) // fills in the values of fields
	note       func(*References, *Item)
	size       func(*Item) int // bytes of data that an item keeps; nil: none
}

// joinRecords is the record of a row, as r. OFFSET 0 makes PostgreSQL look it up by its
// key: where it has no statistics of an organization yet, it would rather read all
// that the organization has, for each row.
const joinRecords = `
CROSS JOIN LATERAL (SELECT * FROM records WHERE organization_id = t.organization_id AND kind = t.kind AND id = t.id OFFSET 0) r`

// list is a query of one kind of records, ready to be asked.
type list[Item any] struct {
	*table[Item]
	organization uuid.UUID
	fields       []record.Field // whose values are read
	order        cursor.Order
	filter       *filter
	whole        filter // of the list, wherever the page begins
}

func newList[Item any](t *table[Item], organization uuid.UUID, fields []record.Field, conditions *filter, sort, after string) (*list[Item], error) {
	order, err := parseOrder(sort, t.sorts, t.descending)
	if err != nil {
		return nil, err
	}
	whole := filter{slices.Clone(conditions.conditions), slices.Clone(conditions.args)}
	condition, err := order.After(after, conditions.addArgument)
	conditions.conditions = append(conditions.conditions, condition)
	return &list[Item]{t, organization, fields, order, conditions, whole}, err
}

// statement selects the list in its order, from where the page begins on; further is
// what is selected beside the columns.
func (l *list[Item]) statement(further string) string {
	return "SELECT " + l.columns + further + " FROM " + l.from + l.joined + " WHERE " + l.filter.whereClause() +
		" ORDER BY " + l.order.SQL()
}

// readPage reads the items of one page with their references: one row more than the
// limit, to see whether there is another page. A page that holds MaxPageData ends there.
func (l *list[Item]) readPage(ctx context.Context, tx pgx.Tx, limit int) (page Page[Item], err error) {
	statement := l.statement(", "+l.order.Keys()) + " LIMIT " + l.filter.addArgument(limit+1)
	found, err := tx.Query(ctx, statement, l.filter.args...)
	if err != nil {
		return page, err
	}
	var item Item
	var keys, last []string
	var references References
	size := 0
	_, err = pgx.ForEachRow(found, append(l.targets(&item), &keys), func() error {
		if len(page.Items) == limit || size >= MaxPageData {
			page.NextCursor = l.order.Cursor(last)
			return nil
		}
		last = keys
		l.read(&item, l.fields)
		page.Items = append(page.Items, item)
		l.note(&references, &item)
		if l.size != nil {
			size += l.size(&item)
		}
		return nil
	})
	if err != nil {
		return page, err
	}
	page.References, err = references.namesIn(ctx, tx, l.organization)
	return page, err
}

// eachItem reads the whole list by one statement, some rows at a time: it is sorted
// once, whatever plan PostgreSQL makes where it has no statistics yet. Errors:
// TooManyRows, for a list of more rows than most.
func (l *list[Item]) eachItem(ctx context.Context, tx pgx.Tx, most int, row func(item Item, names map[uuid.UUID]Name) error) error {
	if err := l.holdWithin(ctx, tx, most); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, "SET LOCAL cursor_tuple_fraction = 1"); err != nil { // all of it is read
		return err
	}
	if _, err := tx.Exec(ctx, "DECLARE whole NO SCROLL CURSOR FOR "+l.statement(""), l.filter.args...); err != nil {
		return err
	}
	for {
		items, names, err := l.fetch(ctx, tx)
		if err != nil || len(items) == 0 {
			return err
		}
		for _, item := range items {
			if err := row(item, names); err != nil {
				return err
			}
		}
	}
}

// fetch reads the next rows of the whole list, with the names of their references.
func (l *list[Item]) fetch(ctx context.Context, tx pgx.Tx) (items []Item, names map[uuid.UUID]Name, err error) {
	// What the statement gives depends on the cursor: it is not to be cached.
	found, err := tx.Query(ctx, fmt.Sprintf("FETCH %d FROM whole", l.pageSize), pgx.QueryExecModeDescribeExec)
	if err != nil {
		return nil, nil, err
	}
	var item Item
	var references References
	_, err = pgx.ForEachRow(found, l.targets(&item), func() error {
		l.read(&item, l.fields)
		items = append(items, item)
		l.note(&references, &item)
		return nil
	})
	if err != nil {
		return nil, nil, err
	}
	names, err = references.namesIn(ctx, tx, l.organization)
	return items, names, err
}

// holdWithin refuses a list of more rows than most.
func (l *list[Item]) holdWithin(ctx context.Context, tx pgx.Tx, most int) error {
	var total int
	if err := tx.QueryRow(ctx, "SELECT count(*) FROM "+l.from+" WHERE "+l.whole.whereClause(), l.whole.args...).Scan(&total); err != nil {
		return err
	}
	if total > most {
		return fault.TooMany("file", most)
	}
	return nil
}
