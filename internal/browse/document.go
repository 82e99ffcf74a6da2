package browse

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/shopspring/decimal"

	"github.com/interpos/cabinet/internal/cursor"
	"github.com/interpos/cabinet/internal/db"
	"github.com/interpos/cabinet/internal/fault"
	"github.com/interpos/cabinet/internal/projection"
	"github.com/interpos/cabinet/internal/record"
)

// Document is one document in a list.
type Document struct {
	Kind         string
	ID           uuid.UUID
	Number       string
	OccurredAt   time.Time
	BusinessDay  time.Time // midnight UTC of its date
	Outlet       uuid.NullUUID
	Employee     uuid.NullUUID
	Counterparty uuid.NullUUID // receipt, delivery order: customer; purchase, purchase return: supplier
	Warehouse    uuid.NullUUID // transfer: from which
	ToWarehouse  uuid.NullUUID // of a transfer
	Status       string
	Type         string              // receipt: sale, refund; delivery order: courier, pickup
	Total        decimal.NullDecimal // money; a refund's is positive
	Late         bool                // it came, or changed, after its business day was over
	CustomerName string              // delivery order: as it was written down
	PromisedAt   *time.Time          // delivery order: its own, else by the organization's default delivery time
	DeliveredAt  *time.Time          // delivery order
	Remarks      []record.Remark     // what was remarked of it
	Values       Values              // of the fields that the list, or its file, has a column of

	// Of a list with data.
	Seq       int64
	Version   int64
	UpdatedAt time.Time // when the cabinet took this version
	Data      string    // JSON object

	data string // while Values are read, where some of them are in no column of the projection
}

// OnTime says whether a delivery came by the time it was promised; nil: it is not
// delivered, or not known when.
func (d *Document) OnTime() *bool {
	if d.DeliveredAt == nil || d.PromisedAt == nil {
		return nil
	}
	onTime := !d.DeliveredAt.After(*d.PromisedAt)
	return &onTime
}

// scanTargets are where documentColumns are scanned into.
func (d *Document) scanTargets() []any {
	return []any{&d.Kind, &d.ID, &d.Number, &d.OccurredAt, &d.BusinessDay, &d.Outlet, &d.Employee, &d.Counterparty,
		&d.Status, &d.Type, &d.Total, &d.Late, &d.Warehouse, &d.ToWarehouse, &d.CustomerName, &d.PromisedAt, &d.DeliveredAt,
		&d.Remarks}
}

// DocumentQuery says which documents a list shows, and in which order.
type DocumentQuery struct {
	From, To *time.Time // business days, inclusive
	Search   string     // words that all must occur in number, fiscal number or note
	Outlet   *uuid.UUID
	Employee *uuid.UUID
	// Warehouse is one that the document is about: of a transfer, either.
	Warehouse *uuid.UUID
	Type      string
	Status    string
	Late      bool // only those that came, or changed, after their business day was over
	RemarkFilter
	Sort     string // -occurred_at (default), number, total; - in front: descending
	WithData bool
	Cursor   string
	Limit    int

	inFeedOrder bool // in place of Sort
}

// DocumentPage is a part of a list of documents. Sum adds up the totals of the
// whole list, refunds with minus: of receipts those that count, of others those that
// are not cancelled.
type DocumentPage struct {
	Page[Document]
	Sum decimal.Decimal
}

const documentColumns = `t.kind, t.id, t.number, t.occurred_at, t.business_day, t.outlet_id, t.employee_id, t.counterparty_id,
    t.status, t.type, t.total, t.late, t.warehouse_id, t.to_warehouse_id, t.customer_name,
    coalesce(t.promised_at, t.placed_at + make_interval(mins => current_setting('app.delivery_minutes')::integer)),
    t.delivered_at, t.remarks`

var documents = &table[Document]{
	columns: documentColumns,
	from:    "documents t",
	sorts: []sortColumn{
		{"occurred_at", cursor.Column{Expression: "t.occurred_at", Type: cursor.Time}},
		{"number", cursor.Column{Expression: "t.number", Type: cursor.Text}},
		{"total", cursor.Column{Expression: "coalesce(t.total, 0)", Type: cursor.Number}},
	},
	descending: true,
	pageSize:   5_000,
	targets:    (*Document).scanTargets,
	read:       (*Document).readValues,
	note: func(references *References, d *Document) {
		references.Add(d.Outlet, d.Employee, d.Counterparty, d.Warehouse, d.ToWarehouse)
		references.addValues(d.Values)
	},
}

// documentsWithData are for kinds whose lists show what no column of the projection has.
var documentsWithData = func() *table[Document] {
	t := *documents
	t.columns += ", r.data"
	t.joined = joinRecords
	t.targets = func(d *Document) []any { return append(d.scanTargets(), &d.data) }
	return &t
}()

// documentsWhole are documents with their data.
var documentsWhole = func() *table[Document] {
	t := *documentsWithData
	t.columns += ", r.seq, r.version, r.received_at"
	t.targets = func(d *Document) []any { return append(d.scanTargets(), &d.data, &d.Seq, &d.Version, &d.UpdatedAt) }
	t.read = func(d *Document, fields []record.Field) {
		d.Data = d.data
		d.readValues(fields)
	}
	t.size = func(d *Document) int { return len(d.Data) }
	return &t
}()

func isUnprojected(field record.Field) bool { return field.Column == "" }

// readValues takes the values from the columns of the projection where there is one: it
// knows what is meant where a field is left out.
func (d *Document) readValues(fields []record.Field) {
	d.Values = Values{}
	if d.data != "" {
		d.Values, d.data = valuesOf(d.data, fields), ""
	}
	for _, field := range fields {
		if value := d.Column(field.Column); value != nil {
			d.Values[field.Name] = value
		}
	}
}

func documentList(organization uuid.UUID, name string, query DocumentQuery, fieldsOf func(*record.Kind) []record.Field) (*list[Document], error) {
	kind, err := FindKind(name, true)
	if err != nil {
		return nil, err
	}
	if query.From != nil && query.To != nil && query.From.After(*query.To) {
		return nil, fault.Invalid(fault.Field{Field: "to", Code: "too_small", Message: "must not lie before from"})
	}
	if err := query.checkFilters(kind); err != nil {
		return nil, err
	}
	fields, from := fieldsOf(kind), documents
	if slices.ContainsFunc(fields, isUnprojected) {
		from = documentsWithData
	}
	if query.WithData {
		from = documentsWhole
	}
	if query.inFeedOrder {
		from = from.inFeedOrder()
	}
	return newList(from, organization, fields, documentFilter(organization, name, query), query.Sort, query.Cursor)
}

// checkFilters refuses what no document of the kind could pass: a field that the kind does
// not have, a word that is none of the field's.
func (q *DocumentQuery) checkFilters(kind *record.Kind) error {
	var faults []fault.Field
	for _, asked := range []struct {
		column, word string
		given        bool
	}{
		{"outlet_id", "", q.Outlet != nil}, {"employee_id", "", q.Employee != nil}, {"warehouse_id", "", q.Warehouse != nil},
		{"type", q.Type, q.Type != ""}, {"status", q.Status, q.Status != ""},
	} {
		if asked.given {
			faults = append(faults, checkFilter(kind, asked.column, asked.word)...)
		}
	}
	if len(faults) > 0 {
		return fault.Invalid(faults...)
	}
	return nil
}

// checkFilter holds a filter by a column against the fields of the kind that fill it.
func checkFilter(kind *record.Kind, column, word string) []fault.Field {
	filling := kind.Filling(column)
	if len(filling) == 0 {
		return []fault.Field{{Field: column, Code: "unknown", Message: "is no field of " + kind.Name}}
	}
	if choices := filling[0].Choices; word != "" && len(choices) > 0 && !slices.Contains(choices, word) {
		return []fault.Field{{Field: column, Code: "unknown", Message: "must be one of: " + strings.Join(choices, ", ")}}
	}
	return nil
}

func documentFilter(organization uuid.UUID, kind string, query DocumentQuery) *filter {
	conditions := newFilter(organization, kind)
	if query.From != nil {
		conditions.requireThat("t.business_day >= %s", *query.From)
	}
	if query.To != nil {
		conditions.requireThat("t.business_day <= %s", *query.To)
	}
	conditions.requireWords(projection.Patterns(query.Search))
	conditions.requireID("t.outlet_id", query.Outlet)
	conditions.requireID("t.employee_id", query.Employee)
	if query.Warehouse != nil {
		conditions.requireThat("%s IN (t.warehouse_id, t.to_warehouse_id)", *query.Warehouse)
	}
	conditions.requireText("t.type", query.Type)
	conditions.requireText("t.status", query.Status)
	conditions.requireRemarks(query.RemarkFilter)
	if query.Late {
		conditions.requireThat("t.late = %s", true)
	}
	return conditions
}

const selectTotals = `
SELECT count(*), coalesce(sum(CASE t.type WHEN 'refund' THEN -t.total ELSE t.total END)
    FILTER (WHERE CASE t.kind WHEN 'receipt' THEN t.status = 'closed' AND t.type IN ('sale', 'refund') ELSE t.status <> 'cancelled' END), 0)
FROM documents t WHERE `

// Documents gives a page of a kind. Errors: NotFound for an unknown kind,
// ValidationFailed for a period that ends before it starts or a sort that the list
// does not have, Malformed for a cursor that it has not given out.
func (r *Records) Documents(ctx context.Context, organization uuid.UUID, kind string, query DocumentQuery) (page DocumentPage, err error) {
	list, err := documentList(organization, kind, query, listedFields)
	if err != nil {
		return page, err
	}
	err = r.projector.Read(ctx, organization, func(tx pgx.Tx, view projection.View) error {
		if page.Page, err = list.readPage(ctx, tx, query.Limit); err != nil {
			return err
		}
		page.Freshness = view.Freshness
		return tx.QueryRow(ctx, selectTotals+list.whole.whereClause(), list.whole.args...).Scan(&page.Total, &page.Sum)
	})
	return page, err
}

// EachDocument calls row with the documents of the whole list, without regard to
// cursor and limit. names gives what their ids are called, zone is
// the organization's. Errors: as Documents, TooManyRows for more than
// MaxExport rows, and those of row.
func (r *Records) EachDocument(ctx context.Context, organization uuid.UUID, kind string, query DocumentQuery,
	row func(document Document, zone *time.Location, names map[uuid.UUID]Name) error) (freshness projection.Freshness, err error) {
	err = r.projector.Read(db.For(ctx, db.Exporting), organization, func(tx pgx.Tx, view projection.View) error {
		freshness = view.Freshness
		query.Cursor = ""
		list, err := documentList(organization, kind, query, exportedFields)
		if err != nil {
			return err
		}
		return list.eachItem(ctx, tx, r.maxExport, func(document Document, names map[uuid.UUID]Name) error {
			return row(document, view.Zone, names)
		})
	})
	return freshness, err
}
