package document

import (
	"context"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/interpos/cabinet/internal/listing"
	"github.com/interpos/cabinet/internal/projection"
)

// exportPage is how many documents an export reads at a time.
const exportPage = 5_000

var sorts = []listing.Sort{
	{Name: "occurred_at", Expression: "t.occurred_at", Type: listing.Time},
	{Name: "number", Expression: "t.number", Type: listing.Text},
	{Name: "total", Expression: "coalesce(t.total, 0)", Type: listing.Number},
}

// list is a query, ready to be asked.
type list struct {
	organization uuid.UUID
	filter       *listing.Filter
	order        listing.Order
	totalsSQL    string
	totalsArgs   []any
}

func newList(organization uuid.UUID, kind string, query Query) (*list, error) {
	if err := listing.CheckKind(kind, true); err != nil {
		return nil, err
	}
	if err := checkPeriod(query.From, query.To); err != nil {
		return nil, err
	}
	order, err := listing.ParseOrder(query.Sort, sorts, true)
	if err != nil {
		return nil, err
	}
	filter := newFilter(organization, kind, query)
	l := &list{organization: organization, filter: filter, order: order}
	l.totalsSQL = selectTotals + filter.SQL()
	l.totalsArgs = append(l.totalsArgs, filter.Args()...)
	return l, order.After(filter, query.Cursor)
}

func newFilter(organization uuid.UUID, kind string, query Query) *listing.Filter {
	filter := listing.NewFilter(organization, kind)
	if query.From != nil {
		filter.Where("t.business_day >= %s", *query.From)
	}
	if query.To != nil {
		filter.Where("t.business_day <= %s", *query.To)
	}
	filter.Search(projection.Patterns(query.Search))
	filter.Equal("t.outlet_id", query.Outlet)
	filter.Equal("t.employee_id", query.Employee)
	if query.Warehouse != nil {
		filter.Where("%s IN (t.warehouse_id, t.to_warehouse_id)", *query.Warehouse)
	}
	if query.Type != "" {
		filter.Where("t.type = %s", query.Type)
	}
	if query.Status != "" {
		filter.Where("t.status = %s", query.Status)
	}
	if query.Late {
		filter.Where(projection.Late+" = %s", true)
	}
	return filter
}

const (
	selectTotals = `
SELECT count(*), coalesce(sum(CASE t.type WHEN 'refund' THEN -t.total ELSE t.total END) FILTER (WHERE t.status <> 'cancelled'), 0)
FROM documents t WHERE `
	itemColumns = `t.kind, t.id, t.number, t.occurred_at, t.business_day, t.outlet_id, t.employee_id, t.counterparty_id,
    t.status, t.type, t.total, coalesce(` + projection.Late + `, false), t.warehouse_id, t.to_warehouse_id, t.customer_name,
    coalesce(t.promised_at, t.placed_at + (SELECT make_interval(mins => o.default_delivery_minutes) FROM organizations o WHERE o.id = $1)),
    t.delivered_at`
)

// page reads one page, with the totals of the whole list.
func (l *list) page(ctx context.Context, tx pgx.Tx, limit int) (Page, error) {
	page, err := l.items(ctx, tx, limit)
	if err != nil {
		return Page{}, err
	}
	err = tx.QueryRow(ctx, l.totalsSQL, l.totalsArgs...).Scan(&page.Total, &page.Sum)
	return page, err
}

// items reads one page, one row more than the limit, to see whether there is another.
func (l *list) items(ctx context.Context, tx pgx.Tx, limit int) (Page, error) {
	found, err := tx.Query(ctx, "SELECT "+itemColumns+", "+l.order.Key()+" FROM documents t WHERE "+l.filter.SQL()+
		" ORDER BY "+l.order.SQL()+" LIMIT "+l.filter.Arg(limit+1), l.filter.Args()...)
	if err != nil {
		return Page{}, err
	}
	var page Page
	var item Item
	var key, lastKey string
	references := listing.References{}
	_, err = pgx.ForEachRow(found, append(item.fields(), &key), func() error {
		if len(page.Items) == limit {
			page.NextCursor = l.order.Cursor(lastKey, page.Items[limit-1].ID)
			return nil
		}
		lastKey = key
		page.Items = append(page.Items, item)
		references.Add(item.Outlet, item.Employee, item.Counterparty, item.Warehouse, item.ToWarehouse)
		return nil
	})
	if err != nil {
		return Page{}, err
	}
	page.References, err = references.Names(ctx, tx, l.organization)
	return page, err
}

// fields are where itemColumns are scanned into.
func (i *Item) fields() []any {
	return []any{&i.Kind, &i.ID, &i.Number, &i.OccurredAt, &i.BusinessDay, &i.Outlet, &i.Employee, &i.Counterparty,
		&i.Status, &i.Type, &i.Total, &i.Late, &i.Warehouse, &i.ToWarehouse, &i.CustomerName, &i.PromisedAt, &i.DeliveredAt}
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
