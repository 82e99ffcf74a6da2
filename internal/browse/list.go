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
	References map[uuid.UUID]string // names of the ids in the items
	Freshness  projection.Freshness
}

// table says how the rows of a projected table become the items of a list.
type table[Item any] struct {
	columns    string // what is selected
	from       string // the projected table as t, with what belongs to its rows
	sorts      []sortColumn
	descending bool // the first of sorts, where no order is asked for
	pageSize   int  // rows that are read at a time where the whole list is
	targets    func(*Item) []any
	read       func(*Item, []record.Field) // fills in the values of fields
	note       func(*References, *Item)
}

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

// readPage reads the items of one page with their references: one row more than the
// limit, to see whether there is another page.
func (l *list[Item]) readPage(ctx context.Context, tx pgx.Tx, limit int) (page Page[Item], err error) {
	statement := "SELECT " + l.columns + ", " + l.order.Keys() + " FROM " + l.from + " WHERE " + l.filter.whereClause() +
		" ORDER BY " + l.order.SQL() + " LIMIT " + l.filter.addArgument(limit+1)
	found, err := tx.Query(ctx, statement, l.filter.args...)
	if err != nil {
		return page, err
	}
	var item Item
	var keys, last []string
	var references References
	_, err = pgx.ForEachRow(found, append(l.targets(&item), &keys), func() error {
		if len(page.Items) == limit {
			page.NextCursor = l.order.Cursor(last)
			return nil
		}
		last = keys
		l.read(&item, l.fields)
		page.Items = append(page.Items, item)
		l.note(&references, &item)
		return nil
	})
	if err != nil {
		return page, err
	}
	page.References, err = references.namesIn(ctx, tx, l.organization)
	return page, err
}

// eachItem reads a whole list page by page; listAfter makes the list that begins after a
// cursor. Errors: ValidationFailed, for a list of more rows than most.
func eachItem[Item any](ctx context.Context, tx pgx.Tx, most int, listAfter func(after string) (*list[Item], error),
	row func(item Item, names map[uuid.UUID]string) error) error {
	for after := ""; ; {
		list, err := listAfter(after)
		if err != nil {
			return err
		}
		if after == "" {
			if err := list.holdWithin(ctx, tx, most); err != nil {
				return err
			}
		}
		page, err := list.readPage(ctx, tx, list.pageSize)
		if err != nil {
			return err
		}
		for _, item := range page.Items {
			if err := row(item, page.References); err != nil {
				return err
			}
		}
		if page.NextCursor == "" {
			return nil
		}
		after = page.NextCursor
	}
}

// holdWithin refuses a list of more rows than most.
func (l *list[Item]) holdWithin(ctx context.Context, tx pgx.Tx, most int) error {
	var total int
	if err := tx.QueryRow(ctx, "SELECT count(*) FROM "+l.from+" WHERE "+l.whole.whereClause(), l.whole.args...).Scan(&total); err != nil {
		return err
	}
	if total > most {
		return fault.Invalid(fault.Field{Field: "format", Code: "too_many_rows",
			Message: fmt.Sprintf("a file holds at most %d rows, and these are %d: export a part of the list, by period or search", most, total)})
	}
	return nil
}
