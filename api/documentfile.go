package api

import (
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"

	"github.com/interpos/cabinet/internal/browse"
	"github.com/interpos/cabinet/internal/export"
	"github.com/interpos/cabinet/internal/record"
)

// documentRow is a document on its way into a file.
type documentRow struct {
	browse.Document
	lang  string
	zone  *time.Location
	names map[uuid.UUID]string
}

func (r documentRow) called(id uuid.NullUUID) any { return called(r.names, id) }

func (r documentRow) time(at *time.Time) any {
	if at == nil {
		return nil
	}
	return at.In(r.zone)
}

// documentColumn is a column of a file of documents.
type documentColumn struct {
	column
	kinds []string // that have it; nil: all
	cell  func(documentRow) any
}

var (
	stockKinds    = []string{"purchase", "purchase_return", "write_off", "stocktake", "production"}
	transferKinds = []string{"transfer"}
	orderKinds    = []string{"delivery_order"}
	otherKinds    = slices.DeleteFunc(record.DocumentNames(), func(kind string) bool { return kind == "delivery_order" })

	documentColumns = []documentColumn{
		{column{"number", export.Text}, nil, func(r documentRow) any { return r.Number }},
		{column{"occurred_at", export.Time}, nil, func(r documentRow) any { return r.OccurredAt.In(r.zone) }},
		{column{"business_day", export.Date}, nil, func(r documentRow) any { return r.BusinessDay }},
		{column{"outlet", export.Text}, nil, func(r documentRow) any { return r.called(r.Outlet) }},
		{column{"warehouse", export.Text}, stockKinds, func(r documentRow) any { return r.called(r.Warehouse) }},
		{column{"from_warehouse", export.Text}, transferKinds, func(r documentRow) any { return r.called(r.Warehouse) }},
		{column{"to_warehouse", export.Text}, transferKinds, func(r documentRow) any { return r.called(r.ToWarehouse) }},
		{column{"employee", export.Text}, otherKinds, func(r documentRow) any { return r.called(r.Employee) }},
		{column{"courier_id", export.Text}, orderKinds, func(r documentRow) any { return r.called(r.Employee) }},
		{column{"counterparty", export.Text}, nil, func(r documentRow) any { return r.called(r.Counterparty) }},
		{column{"customer_name", export.Text}, orderKinds, func(r documentRow) any { return r.CustomerName }},
		{column{"promised_at", export.Time}, orderKinds, func(r documentRow) any { return r.time(r.PromisedAt) }},
		{column{"delivered_at", export.Time}, orderKinds, func(r documentRow) any { return r.time(r.DeliveredAt) }},
		{column{"type", export.Text}, nil, func(r documentRow) any { return title(r.lang, r.Type) }},
		{column{"status", export.Text}, nil, func(r documentRow) any { return title(r.lang, r.Status) }},
		{column{"total", export.Money}, nil, func(r documentRow) any { return r.Total }},
		{column{"id", export.Text}, nil, func(r documentRow) any { return r.ID.String() }},
	}
)

func (s *Server) exportDocuments(c echo.Context, format export.Format, kind string, query browse.DocumentQuery) error {
	var chosen []documentColumn
	var columns []column
	for _, one := range documentColumns {
		if one.kinds == nil || slices.Contains(one.kinds, kind) {
			chosen, columns = append(chosen, one), append(columns, one.column)
		}
	}
	lang := languageOf(c)
	return sendTable(c, format, kind, "", columns, func(table export.Writer) error {
		cells := make([]any, len(chosen))
		return s.Records.EachDocument(c.Request().Context(), actor(c).OrganizationID, kind, query,
			func(document browse.Document, zone *time.Location, names map[uuid.UUID]string) error {
				for i, one := range chosen {
					cells[i] = one.cell(documentRow{document, lang, zone, names})
				}
				return table.Row(cells...)
			})
	})
}
