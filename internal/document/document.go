// Package document shows the synchronized dated records: receipts, cash shifts,
// documents of warehouses, delivery orders.
package document

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/shopspring/decimal"

	"github.com/interpos/cabinet/internal/fault"
	"github.com/interpos/cabinet/internal/listing"
	"github.com/interpos/cabinet/internal/projection"
	"github.com/interpos/cabinet/internal/record"
)

// Documents reads the documents of organizations. Every read sees what was
// acknowledged before it.
type Documents struct{ projector *projection.Projector }

// New makes the service over the projections.
func New(projector *projection.Projector) *Documents { return &Documents{projector} }

// Item is one document in a list.
type Item struct {
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
}

// OnTime says whether a delivery came by the time it was promised; nil: it is not
// delivered, or not known when.
func (i Item) OnTime() *bool {
	if i.DeliveredAt == nil || i.PromisedAt == nil {
		return nil
	}
	onTime := !i.DeliveredAt.After(*i.PromisedAt)
	return &onTime
}

// Query says which documents a list shows, and in which order.
type Query struct {
	From, To *time.Time // business days, inclusive
	Search   string     // words that all must occur in number, fiscal number or note
	Outlet   *uuid.UUID
	Employee *uuid.UUID
	// Warehouse is one that the document is about: of a transfer, either.
	Warehouse *uuid.UUID
	Type      string
	Status    string
	Late      bool   // only those that came, or changed, after their business day was over
	Sort      string // -occurred_at (default), number, total; - in front: descending
	Cursor    string
	Limit     int
}

// Page is a part of a list. Total counts the whole list; Sum adds up the totals
// of its documents, refunds with minus, cancelled ones left out.
type Page struct {
	Items      []Item
	NextCursor string // "" on the last page
	Total      int64
	Sum        decimal.Decimal
	TimeZone   string
	References map[uuid.UUID]string
}

// Document is one document with its data. Item is empty where it is deleted.
type Document struct {
	listing.Record
	Item     Item
	Refunds  []Item    // of a receipt: the receipts that give it back, in whole or in part
	Payments []Payment // of a cash shift: its closed receipts' payments by type
}

// Payment is what was paid in one way, refunds with minus.
type Payment struct {
	Type   uuid.UUID
	Amount decimal.Decimal
}

// Kinds counts the documents of every kind.
func (d *Documents) Kinds(ctx context.Context, organization uuid.UUID) (counts []listing.KindCount, err error) {
	err = d.projector.Read(ctx, organization, func(tx pgx.Tx, _ projection.View) error {
		counts, err = listing.Count(ctx, tx, organization, "documents", record.DocumentNames())
		return err
	})
	return counts, err
}

// List gives a page of a kind. Errors: NotFound for an unknown kind,
// ValidationFailed for a period that ends before it starts or a sort that the list
// does not have, Malformed for a cursor that it has not given out.
func (d *Documents) List(ctx context.Context, organization uuid.UUID, kind string, query Query) (page Page, err error) {
	list, err := newList(organization, kind, query)
	if err != nil {
		return Page{}, err
	}
	err = d.projector.Read(ctx, organization, func(tx pgx.Tx, view projection.View) error {
		page, err = list.page(ctx, tx, query.Limit)
		page.TimeZone = view.TimeZone
		return err
	})
	return page, err
}

// Each calls row with the documents of the whole list, without regard to cursor
// and limit, up to listing.MaxExport. names gives what their ids are called, zone
// is the organization's. Errors: as List, and those of row.
func (d *Documents) Each(ctx context.Context, organization uuid.UUID, kind string, query Query,
	row func(item Item, zone *time.Location, names map[uuid.UUID]string) error) error {
	return d.projector.Read(ctx, organization, func(tx pgx.Tx, view projection.View) error {
		return eachPage(ctx, tx, organization, kind, query, func(item Item, names map[uuid.UUID]string) error {
			return row(item, view.Zone, names)
		})
	})
}

// Get gives one document of a kind, a deleted one too. Errors: NotFound.
func (d *Documents) Get(ctx context.Context, organization uuid.UUID, kind string, id uuid.UUID) (found Document, err error) {
	if err := listing.CheckKind(kind, true); err != nil {
		return Document{}, err
	}
	err = d.projector.Read(ctx, organization, func(tx pgx.Tx, _ projection.View) error {
		found, err = load(ctx, tx, organization, kind, id)
		return err
	})
	return found, err
}

func checkPeriod(from, to *time.Time) error {
	if from != nil && to != nil && from.After(*to) {
		return fault.Invalid(fault.Field{Field: "to", Code: "too_small", Message: "must not lie before from"})
	}
	return nil
}
