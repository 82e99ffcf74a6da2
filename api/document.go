package api

import (
	"cmp"
	"encoding/json"
	"net/http"
	"slices"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/interpos/cabinet/internal/access"
	"github.com/interpos/cabinet/internal/browse"
	"github.com/interpos/cabinet/internal/export"
	"github.com/interpos/cabinet/internal/record"
)

// DocumentItem is one document in a list.
type DocumentItem struct {
	Kind           string       `json:"kind" example:"receipt"`
	ID             string       `json:"id" format:"uuid" example:"5b6d3c1e-0f4a-4d0e-8f2b-7a9c1d2e3f40"`
	Number         string       `json:"number" example:"1842"`
	OccurredAt     time.Time    `json:"occurred_at" example:"2026-05-25T17:03:12Z"`
	BusinessDay    string       `json:"business_day" format:"date" example:"2026-05-25"`
	OutletID       string       `json:"outlet_id,omitempty" validate:"optional" format:"uuid" example:"7d8f1c52-0b7e-4f0c-9a57-2c1f6f0f9a10"`
	EmployeeID     string       `json:"employee_id,omitempty" validate:"optional" format:"uuid" example:"0190a2c4-7b1e-7c3a-9d55-3f1f0a6f2b11"`
	CounterpartyID string       `json:"counterparty_id,omitempty" validate:"optional" format:"uuid" example:"3b0f4f0e-58d7-4b2e-8a3d-9a7f1e0c2d44"` // Receipt, delivery order: customer; purchase, purchase return: supplier
	WarehouseID    string       `json:"warehouse_id,omitempty" validate:"optional" format:"uuid" example:"0f6f8f0e-7b1e-4c3a-9d55-3f1f0a6f2b12"`    // Transfer: from which
	ToWarehouseID  string       `json:"to_warehouse_id,omitempty" validate:"optional" format:"uuid" example:"1a6f8f0e-7b1e-4c3a-9d55-3f1f0a6f2b13"` // Of a transfer
	Status         string       `json:"status,omitempty" validate:"optional" example:"closed"`
	Type           string       `json:"type,omitempty" validate:"optional" example:"sale"`                    // Receipt: sale or refund; delivery order: courier or pickup
	Total          *json.Number `json:"total" swaggertype:"number" extensions:"x-nullable" example:"1240.50"` // A refund's is positive; without a total of its own, what the lines cost; null: neither is given
	Late           bool         `json:"late" example:"false"`                                                 // It came, or changed, after its business day was over: the past has changed

	Remarks  []record.Remark   `json:"remarks,omitempty" validate:"optional"`  // What does not add up, or is missing, at most 20; it counts all the same
	Delivery *DocumentDelivery `json:"delivery,omitempty" validate:"optional"` // Of a delivery order
	Values   map[string]any    `json:"values"`                                 // What the list has columns of, by the names of fields, see /kinds; of a list, how many items it has

	UpdatedAt *time.Time      `json:"updated_at,omitempty" validate:"optional" example:"2026-05-25T17:03:12Z"` // With updated_since or include: when the cabinet took this version
	Version   *int64          `json:"version,omitempty" validate:"optional" example:"1"`                       // With updated_since or include: how often it has changed, the first time included
	Data      json.RawMessage `json:"data,omitempty" validate:"optional" swaggertype:"object"`                 // With include=data: the whole document with its lines
}

// DocumentDelivery is what only a delivery order has.
type DocumentDelivery struct {
	CustomerName string     `json:"customer_name,omitempty" validate:"optional" example:"Maria"` // As it was written down
	PromisedAt   time.Time  `json:"promised_at" example:"2026-05-25T18:03:12Z"`                  // Its own; left out: when it was placed + the organization's default delivery time
	DeliveredAt  *time.Time `json:"delivered_at" extensions:"x-nullable" example:"2026-05-25T17:55:00Z"`
	OnTime       *bool      `json:"on_time" extensions:"x-nullable" example:"true"` // Delivered by the time promised; null: not delivered, or not known when
}

// DocumentList is a page of documents.
type DocumentList struct {
	Items      []DocumentItem `json:"items"`
	NextCursor string         `json:"next_cursor,omitempty" validate:"optional"`           // Left out on the last page. With updated_since always there: keep it, and what changes later comes after it
	Total      *int64         `json:"total,omitempty" validate:"optional" example:"31877"` // Documents of the whole list; left out with updated_since
	Sums       *DocumentSums  `json:"sums,omitempty" validate:"optional"`                  // Left out with updated_since
	Deleted    *[]Deletion    `json:"deleted,omitempty" validate:"optional"`               // With updated_since: records that were deleted, whatever the filter
	More       *bool          `json:"more,omitempty" validate:"optional"`                  // With updated_since: there is more already; ask again at once, with next_cursor
	Named
	Freshness Freshness `json:"freshness"`
}

// DocumentSums adds up the whole list.
type DocumentSums struct {
	Total json.Number `json:"total" swaggertype:"number" example:"1893220.40"` // Of the documents' totals: of receipts those that are closed, refunds with minus; of other documents those that are not cancelled
}

// DocumentRecord is one document, as it stands in the feed.
type DocumentRecord struct {
	Kind        string            `json:"kind" example:"receipt"`
	ID          string            `json:"id" format:"uuid" example:"5b6d3c1e-0f4a-4d0e-8f2b-7a9c1d2e3f40"`
	Number      string            `json:"number" example:"1842"`                                                   // Empty where the document is deleted
	BusinessDay *string           `json:"business_day" format:"date" extensions:"x-nullable" example:"2026-05-25"` // null: it is deleted
	Status      string            `json:"status,omitempty" validate:"optional" example:"closed"`                   // As the lists show it
	Total       *json.Number      `json:"total" swaggertype:"number" extensions:"x-nullable" example:"1240.50"`    // As the lists show it
	Version     int64             `json:"version" example:"1"`                                                     // How often it has changed, the first time included
	Seq         int64             `json:"seq" example:"40213"`                                                     // Its place in the feed
	ModifiedAt  time.Time         `json:"modified_at" example:"2026-05-25T17:03:12Z"`
	ReceivedAt  time.Time         `json:"received_at" example:"2026-05-25T17:03:12Z"`
	Deleted     bool              `json:"deleted" example:"false"`
	Remarks     []record.Remark   `json:"remarks,omitempty" validate:"optional"`                                  // What does not add up, or is missing, at most 20; it counts all the same
	Freshness   Freshness         `json:"freshness"`                                                              // Of what the lists show of it too, its refunds and payments
	Delivery    *DocumentDelivery `json:"delivery,omitempty" validate:"optional"`                                 // Of a delivery order
	Late        bool              `json:"late" example:"false"`                                                   // It came, or changed, after its business day was over: the past has changed
	DeviceID    string            `json:"device_id" format:"uuid" example:"0190a2c4-7b1e-7c3a-9d55-3f1f0a6f2b11"` // That sent this version
	DeviceName  string            `json:"device_name" example:"Till computer, Lenina 5"`
	Data        json.RawMessage   `json:"data" swaggertype:"object"`
	Named
	Refunds  []DocumentItem    `json:"refunds,omitempty" validate:"optional"`  // Of a receipt: the receipts that give it back
	Payments []DocumentPayment `json:"payments,omitempty" validate:"optional"` // Of a cash shift: what its closed receipts were paid with
}

// DocumentPayment is what was paid in one way.
type DocumentPayment struct {
	PaymentTypeID string      `json:"payment_type_id" format:"uuid" example:"7d8f1c52-0b7e-4f0c-9a57-2c1f6f0f9a10"`
	Amount        json.Number `json:"amount" swaggertype:"number" example:"48210.00"` // Refunds with minus
}

// DocumentQuery selects documents.
type DocumentQuery struct {
	From       string `query:"from" json:"from" validate:"optional" format:"date" example:"2026-05-01"` // First business day
	To         string `query:"to" json:"to" validate:"optional" format:"date" example:"2026-05-31"`     // Last business day
	Q          string `query:"q" json:"q" validate:"optional" example:"1842"`                           // Words that all occur in number, fiscal number, supplier's number or note; of a delivery order also in name, phone or address
	OutletID   string `query:"outlet_id" json:"outlet_id" validate:"optional" format:"uuid"`
	EmployeeID string `query:"employee_id" json:"employee_id" validate:"optional" format:"uuid"`
	Warehouse  string `query:"warehouse_id" json:"warehouse_id" validate:"optional" format:"uuid"` // Of a transfer: either
	Type       string `query:"type" json:"type" validate:"optional" example:"refund"`              // Receipt: sale or refund; delivery order: courier or pickup
	Status     string `query:"status" json:"status" validate:"optional" example:"cancelled"`
	Late       bool   `query:"late" json:"late" validate:"optional"` // true: only those that came, or changed, after their business day was over
	RemarkQuery
	Sort string `query:"sort" json:"sort" validate:"optional" enums:"occurred_at,-occurred_at,number,-number,total,-total" default:"-occurred_at"`
	PageQuery
	UpdateQuery
	Format string `query:"format" json:"format" validate:"optional" enums:"json,csv,xlsx" default:"json"` // csv and xlsx: a file of the whole list, up to 1,000,000 rows; of more, none (422, too_many_rows). Left out: what the header Accept likes best of them
	Lang   string `query:"lang" json:"lang" validate:"optional" enums:"ru,en"`                            // Of the file; default: by Accept-Language. CSV in Russian has semicolons and decimal commas, as a Russian Excel expects
}

// documents counts the documents of each kind that the member may see.
//
//	@Summary	Count documents
//	@ID			countDocuments
//	@Description	Of the kinds that the member may see: delivery orders with deliveries:view only.
//	@Tags		documents
//	@Param		organization_id	path		string	true	"Organization"	format(uuid)
//	@Success	200				{object}	KindList
//	@Security	BearerAuth
//	@Router		/organizations/{organization_id}/documents [get]
func (s *Server) documents(c echo.Context) error {
	counts, err := s.Records.CountDocuments(c.Request().Context(), actor(c).OrganizationID)
	if err != nil {
		return err
	}
	counts.Kinds = slices.DeleteFunc(counts.Kinds, func(count browse.KindCount) bool {
		return !actor(c).Can(needsFor(see(access.Documents), count.Kind).See.View())
	})
	return c.JSON(http.StatusOK, kindListOf(counts))
}

// documentList lists the documents of a kind.
//
//	@Summary	List documents
//	@ID			listDocuments
//	@Description	For a copy of your own: `updated_since` with `include=data`, then `next_cursor` of the answer, for good. See docs/api.md.
//	@Tags		documents
//	@Param		organization_id	path		string			true	"Organization"	format(uuid)
//	@Param		kind			path		string			true	"Kind"	example(receipt)
//	@Param		query			query		DocumentQuery	false	"Period, filter, order and page"
//	@Success	200				{object}	DocumentList
//	@Failure	410				{object}	Problem	"cursor_expired"
//	@Failure	422				{object}	Problem	"too_many_rows"
//	@Security	BearerAuth
//	@Router		/organizations/{organization_id}/documents/{kind} [get]
func (s *Server) documentList(c echo.Context) error {
	query, asked, format, err := documentQuery(c)
	if err != nil {
		return err
	}
	kind := c.Param("kind")
	if asked.since != nil {
		return s.documentUpdates(c, kind, query, asked)
	}
	if format != formatJSON {
		return s.exportDocuments(c, export.Format(format), kind, query)
	}
	page, err := s.Records.Documents(c.Request().Context(), actor(c).OrganizationID, kind, query)
	if err != nil {
		return err
	}
	list := documentListOf(page.Page, asked)
	list.Total, list.Sums = &page.Total, &DocumentSums{number(page.Sum)}
	return c.JSON(http.StatusOK, list)
}

// documentUpdates answers with what has changed of a kind.
func (s *Server) documentUpdates(c echo.Context, kind string, query browse.DocumentQuery, asked updateQuery) error {
	updates, err := s.Records.DocumentUpdates(c.Request().Context(), actor(c).OrganizationID, kind, *asked.since, query)
	if err != nil {
		return err
	}
	list := documentListOf(updates.Page, asked)
	list.Deleted, list.More = deletionsOf(updates.Deleted), &updates.More
	return c.JSON(http.StatusOK, list)
}

func documentListOf(page browse.Page[browse.Document], asked updateQuery) DocumentList {
	list := DocumentList{
		Items: documentItems(page.Items), NextCursor: page.NextCursor,
		Named: namedBy(page.References), Freshness: freshnessOf(page.Freshness),
	}
	for i, item := range page.Items {
		if asked.since != nil || asked.withData {
			list.Items[i].UpdatedAt, list.Items[i].Version = utc(&item.UpdatedAt), &item.Version
		}
		if asked.withData {
			list.Items[i].Data = json.RawMessage(item.Data)
		}
	}
	return list
}

// documentRecord shows one document.
//
//	@Summary	Show a document
//	@ID			getDocument
//	@Tags		documents
//	@Param		organization_id	path		string	true	"Organization"	format(uuid)
//	@Param		kind			path		string	true	"Kind"	example(receipt)
//	@Param		id				path		string	true	"Document"	format(uuid)
//	@Success	200				{object}	DocumentRecord
//	@Security	BearerAuth
//	@Router		/organizations/{organization_id}/documents/{kind}/{id} [get]
func (s *Server) documentRecord(c echo.Context) error {
	id, err := pathID(c, "id")
	if err != nil {
		return err
	}
	found, err := s.Records.Document(c.Request().Context(), actor(c).OrganizationID, c.Param("kind"), id)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, documentRecordOf(&found))
}

func documentRecordOf(d *browse.DocumentCard) DocumentRecord {
	answer := DocumentRecord{
		Kind: d.Kind, ID: d.ID.String(), Number: d.Document.Number, Status: d.Document.Status, Total: optionalNumber(d.Document.Total),
		Version: d.Version, Seq: d.Seq, ModifiedAt: d.ModifiedAt.UTC(), ReceivedAt: d.ReceivedAt.UTC(), Deleted: d.Deleted, Late: d.Document.Late,
		Delivery: deliveryOf(&d.Document), Remarks: d.Remarks, Freshness: freshnessOf(d.Freshness),
		DeviceID: d.DeviceID.String(), DeviceName: d.DeviceName,
		Data: json.RawMessage(d.Data), Named: namedBy(d.References), Refunds: documentItems(d.Refunds),
	}
	if !d.Document.BusinessDay.IsZero() {
		text := day(d.Document.BusinessDay)
		answer.BusinessDay = &text
	}
	for _, payment := range d.Payments {
		answer.Payments = append(answer.Payments, DocumentPayment{payment.Type.String(), number(payment.Amount)})
	}
	return answer
}

func documentItems(items []browse.Document) []DocumentItem {
	answer := make([]DocumentItem, len(items))
	for i, item := range items {
		answer[i] = DocumentItem{
			Kind: item.Kind, ID: item.ID.String(), Number: item.Number, OccurredAt: item.OccurredAt.UTC(),
			BusinessDay: day(item.BusinessDay), OutletID: optionalID(item.Outlet), EmployeeID: optionalID(item.Employee),
			CounterpartyID: optionalID(item.Counterparty), WarehouseID: optionalID(item.Warehouse), ToWarehouseID: optionalID(item.ToWarehouse),
			Status: item.Status, Type: item.Type, Total: optionalNumber(item.Total), Late: item.Late, Remarks: item.Remarks, Delivery: deliveryOf(&items[i]),
			Values: valuesOf(item.Values),
		}
	}
	return answer
}

func deliveryOf(item *browse.Document) *DocumentDelivery {
	if item.PromisedAt == nil {
		return nil
	}
	return &DocumentDelivery{
		CustomerName: item.CustomerName, PromisedAt: item.PromisedAt.UTC(), DeliveredAt: utc(item.DeliveredAt), OnTime: item.OnTime(),
	}
}

func documentQuery(c echo.Context) (browse.DocumentQuery, updateQuery, string, error) {
	q := queryOf(c)
	query := browse.DocumentQuery{
		From: q.day("from"), To: q.day("to"), Search: q.text("q"), Outlet: q.id("outlet_id"), Employee: q.id("employee_id"),
		Warehouse: q.id("warehouse_id"), Type: q.text("type"), Status: q.text("status"), Late: q.flag("late"), RemarkFilter: q.remarks(), Sort: c.QueryParam("sort"), Cursor: c.QueryParam("cursor"), Limit: q.limit(),
	}
	asked := q.updates()
	query.WithData = asked.withData
	format := q.format()
	return query, asked, format, cmp.Or(q.err(), asked.refuseFile(format))
}
