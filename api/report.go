package api

import (
	"encoding/json"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/interpos/cabinet/internal/export"
	"github.com/interpos/cabinet/internal/report"
)

// Amounts are the money of closed receipts, in the steps of the organization's currency; refunds
// count with minus. Whatever the row is about, exactly: collected = net_sales +
// service_charges + tax_on_top + tips + rounding + unexplained, and the payments are
// collected − unpaid. Rows add up to the totals.
type Amounts struct {
	GrossSales     json.Number  `json:"gross_sales" swaggertype:"number" example:"51200.00"`                          // Σ line total + line discount − tax that prices do not include, of lines sold; modifiers included, as rounded on the lines
	Discounts      json.Number  `json:"discounts" swaggertype:"number" example:"1200.00"`                             // Σ discounts of sales: of lines and of whole receipts
	Refunds        json.Number  `json:"refunds" swaggertype:"number" example:"450.00"`                                // Of refund receipts Σ line total − tax on top, less their discount; and what came back within sales
	NetSales       json.Number  `json:"net_sales" swaggertype:"number" example:"49550.00"`                            // gross_sales − discounts − refunds
	ServiceCharges json.Number  `json:"service_charges" swaggertype:"number" example:"1200.00"`                       // Σ service_charge; not in net sales
	Taxes          json.Number  `json:"taxes" swaggertype:"number" example:"8258.33"`                                 // Σ tax of the lines; of a receipt whose lines carry none, its tax_total
	TaxOnTop       json.Number  `json:"tax_on_top" swaggertype:"number" example:"0.00"`                               // The part of taxes that prices do not include (tax_included: false); net sales without tax = net_sales − (taxes − tax_on_top)
	Tips           json.Number  `json:"tips" swaggertype:"number" example:"600.00"`                                   // Σ tip; tips are not sales
	Rounding       json.Number  `json:"rounding" swaggertype:"number" example:"-0.45"`                                // Σ rounding
	Unexplained    json.Number  `json:"unexplained" swaggertype:"number" example:"0.00"`                              // Σ total − what the receipt's own parts add up to: faults of the local system
	Collected      json.Number  `json:"collected" swaggertype:"number" example:"51349.55"`                            // Σ total = net_sales + service_charges + tax_on_top + tips + rounding + unexplained
	Unpaid         json.Number  `json:"unpaid" swaggertype:"number" example:"0.00"`                                   // Σ total − payments: house accounts, lost payments
	Cost           json.Number  `json:"cost" swaggertype:"number" example:"15100.00"`                                 // Σ cost of the lines that have one; returned ones with minus
	GrossProfit    *json.Number `json:"gross_profit" swaggertype:"number" extensions:"x-nullable" example:"34450.00"` // The net sales whose cost is known − cost; null where no cost is known
	Margin         *json.Number `json:"margin" swaggertype:"number" extensions:"x-nullable" example:"0.6953"`         // gross_profit ÷ the net sales whose cost is known, to 4 digits; null without those
	CostShare      *json.Number `json:"cost_share" swaggertype:"number" extensions:"x-nullable" example:"1"`          // The net sales whose cost is known ÷ net_sales, to 4 digits: of how much of them the margin tells; null without net sales
}

// Measures are the figures of closed receipts.
type Measures struct {
	Amounts
	Receipts     int64        `json:"receipts" example:"118"`                                                        // Sale receipts
	Guests       int64        `json:"guests" example:"164"`                                                          // Of sale receipts
	AverageCheck *json.Number `json:"average_check" swaggertype:"number" extensions:"x-nullable" example:"419.9153"` // net_sales ÷ receipts, to 4 digits; null without receipts
	NetPerGuest  *json.Number `json:"net_per_guest" swaggertype:"number" extensions:"x-nullable" example:"302.1341"` // net_sales ÷ guests, to 4 digits; null without guests
}

// ReportHead is what every report says of itself.
type ReportHead struct {
	Report      string    `json:"report" example:"sales-by-day"`
	From        string    `json:"from" format:"date" example:"2026-05-01"` // First business day
	To          string    `json:"to" format:"date" example:"2026-05-31"`   // Last business day
	Currency    string    `json:"currency" example:"RUB"`                  // ISO 4217
	TimeZone    string    `json:"time_zone" example:"Europe/Moscow"`       // IANA
	GeneratedAt time.Time `json:"generated_at" example:"2026-05-25T17:03:12Z"`
	Freshness   Freshness `json:"freshness"`
}

// DaySales is one business day.
type DaySales struct {
	Day          string `json:"day" format:"date" example:"2026-05-25"`
	LateReceipts int64  `json:"late_receipts" example:"2"` // Receipts, refunds included, that came or changed after the day was over
	OpenReceipts int64  `json:"open_receipts" example:"1"` // Receipts of the day that are still open: they count in no other figure
	Measures
}

// SalesByDay is the report of sales by business day, days without sales included.
type SalesByDay struct {
	ReportHead
	Rows         []DaySales `json:"rows"`
	Totals       Measures   `json:"totals"`
	LateReceipts int64      `json:"late_receipts" example:"2"` // Of all rows
	OpenReceipts int64      `json:"open_receipts" example:"1"` // Of all rows
}

// HourSales is one hour of the local clock, over all days of the period.
type HourSales struct {
	Hour int `json:"hour" minimum:"0" maximum:"23" example:"13"`
	Measures
}

// SalesByHour is the report of sales by hour, all 24.
type SalesByHour struct {
	ReportHead
	Rows   []HourSales `json:"rows"`
	Totals Measures    `json:"totals"`
}

// ProductMeasures are the figures that a product has. What only the receipt has (its discount,
// service charge, tip and so on) is spread over its lines.
type ProductMeasures struct {
	Quantity json.Number `json:"quantity" swaggertype:"number" example:"42.5"` // Sold − returned
	Amounts
	Receipts int64 `json:"receipts" example:"38"` // Sale receipts with it; in the totals each counts once
}

// ProductSales is one product. What was sold without one has a row for each name.
type ProductSales struct {
	ProductID    string `json:"product_id,omitempty" validate:"optional" format:"uuid" example:"5b6d3c1e-0f4a-4d0e-8f2b-7a9c1d2e3f40"` // Left out: sold without a product, by name
	Name         string `json:"name" example:"Cappuccino 0.3"`                                                                         // Of the directory; as sold, where the product has not arrived; empty: receipts without lines
	GroupID      string `json:"group_id,omitempty" validate:"optional" format:"uuid" example:"7d8f1c52-0b7e-4f0c-9a57-2c1f6f0f9a10"`
	GroupName    string `json:"group_name,omitempty" validate:"optional" example:"Coffee"`
	Deleted      bool   `json:"deleted,omitempty" validate:"optional" example:"true"`       // The product is, from the directory; the name is its last
	GroupDeleted bool   `json:"group_deleted,omitempty" validate:"optional" example:"true"` // The group is, from the directory; group_name is its last
	ProductMeasures
}

// SalesByProduct is the report of sales by product, the most net sales first.
type SalesByProduct struct {
	ReportHead
	Rows   []ProductSales  `json:"rows"`
	Totals ProductMeasures `json:"totals"`
}

// PaymentTypeAmount is what was paid in one way.
type PaymentTypeAmount struct {
	PaymentTypeID string      `json:"payment_type_id" format:"uuid" example:"7d8f1c52-0b7e-4f0c-9a57-2c1f6f0f9a10"`
	Name          string      `json:"name" example:"Cash"`                                  // Of the directory; empty, where the type has not arrived
	Amount        json.Number `json:"amount" swaggertype:"number" example:"48210.00"`       // Refunds with minus, change that was given back in this way too
	Payments      int64       `json:"payments" example:"97"`                                // How many
	Deleted       bool        `json:"deleted,omitempty" validate:"optional" example:"true"` // The type is, from the directory; the name is its last
}

// PaymentTotals are the figures of the same receipts.
type PaymentTotals struct {
	Collected json.Number `json:"collected" swaggertype:"number" example:"51349.55"` // Σ total of closed receipts, refunds with minus
	Unpaid    json.Number `json:"unpaid" swaggertype:"number" example:"0.00"`        // Σ total − payments: house accounts, lost payments
	Amount    json.Number `json:"amount" swaggertype:"number" example:"51349.55"`    // Of all rows: collected − unpaid
	Payments  int64       `json:"payments" example:"121"`                            // Of all rows
}

// PaymentsByType is the report of payments by type, the largest first.
type PaymentsByType struct {
	ReportHead
	Rows   []PaymentTypeAmount `json:"rows"`
	Totals PaymentTotals       `json:"totals"`
}

// ReportQuery selects a report's period.
type ReportQuery struct {
	From     string `query:"from" json:"from" validate:"optional" format:"date" example:"2026-05-01"` // First business day; default: 30 days before the end
	To       string `query:"to" json:"to" validate:"optional" format:"date" example:"2026-05-31"`     // Last business day; default: today. A report has at most 20,000 rows
	OutletID string `query:"outlet_id" json:"outlet_id" validate:"optional" format:"uuid"`
	Format   string `query:"format" json:"format" validate:"optional" enums:"json,csv,xlsx" default:"json"` // csv and xlsx: a file with the same figures
	Lang     string `query:"lang" json:"lang" validate:"optional" enums:"ru,en"`                            // Of the file; default: by Accept-Language. CSV in Russian has semicolons and decimal commas, as a Russian Excel expects
}

// ProductReportQuery selects a report's period and products.
type ProductReportQuery struct {
	ReportQuery
	GroupID string `query:"group_id" json:"group_id" validate:"optional" format:"uuid"` // Products of this group or one below it
}

// salesByDay reports the sales of each business day.
//
//	@Summary	Sales by day
//	@ID			getSalesByDay
//	@Tags		reports
//	@Param		organization_id	path		string		true	"Organization"	format(uuid)
//	@Param		query			query		ReportQuery	false	"Period and filter"
//	@Success	200				{object}	SalesByDay
//	@Failure	422				{object}	Problem	"too_many_rows"
//	@Security	BearerAuth
//	@Router		/organizations/{organization_id}/reports/sales-by-day [get]
func (s *Server) salesByDay(c echo.Context) error {
	query, format, err := reportQuery(c)
	if err != nil {
		return err
	}
	found, err := s.Reports.SalesByDay(c.Request().Context(), actor(c).OrganizationID, query)
	if err != nil {
		return err
	}
	found = found.InDigits()
	if format != formatJSON {
		return exportByDay(c, export.Format(format), &found)
	}
	answer := SalesByDay{
		ReportHead: headOf("sales-by-day", found.Head), Rows: make([]DaySales, len(found.Rows)),
		Totals: measuresOf(found.Totals), LateReceipts: found.Late, OpenReceipts: found.Open,
	}
	for i, row := range found.Rows {
		answer.Rows[i] = DaySales{day(row.Day), row.Late, row.Open, measuresOf(row.Measures)}
	}
	return c.JSON(http.StatusOK, answer)
}

// salesByHour reports the sales of each hour of the local clock.
//
//	@Summary	Sales by hour
//	@ID			getSalesByHour
//	@Tags		reports
//	@Param		organization_id	path		string		true	"Organization"	format(uuid)
//	@Param		query			query		ReportQuery	false	"Period and filter"
//	@Success	200				{object}	SalesByHour
//	@Security	BearerAuth
//	@Router		/organizations/{organization_id}/reports/sales-by-hour [get]
func (s *Server) salesByHour(c echo.Context) error {
	query, format, err := reportQuery(c)
	if err != nil {
		return err
	}
	found, err := s.Reports.SalesByHour(c.Request().Context(), actor(c).OrganizationID, query)
	if err != nil {
		return err
	}
	found = found.InDigits()
	if format != formatJSON {
		return exportByHour(c, export.Format(format), &found)
	}
	answer := SalesByHour{ReportHead: headOf("sales-by-hour", found.Head), Rows: make([]HourSales, len(found.Rows)), Totals: measuresOf(found.Totals)}
	for i, row := range found.Rows {
		answer.Rows[i] = HourSales{row.Hour, measuresOf(row.Measures)}
	}
	return c.JSON(http.StatusOK, answer)
}

// salesByProduct reports the sales of each product.
//
//	@Summary	Sales by product
//	@ID			getSalesByProduct
//	@Tags		reports
//	@Param		organization_id	path		string				true	"Organization"	format(uuid)
//	@Param		query			query		ProductReportQuery	false	"Period and filter"
//	@Success	200				{object}	SalesByProduct
//	@Failure	422				{object}	Problem	"too_many_rows"
//	@Security	BearerAuth
//	@Router		/organizations/{organization_id}/reports/sales-by-product [get]
func (s *Server) salesByProduct(c echo.Context) error {
	query, format, err := reportQuery(c)
	if err != nil {
		return err
	}
	found, err := s.Reports.SalesByProduct(c.Request().Context(), actor(c).OrganizationID, query)
	if err != nil {
		return err
	}
	found = found.InDigits()
	if format != formatJSON {
		return exportByProduct(c, export.Format(format), &found)
	}
	answer := SalesByProduct{
		ReportHead: headOf("sales-by-product", found.Head), Rows: make([]ProductSales, len(found.Rows)),
		Totals: productMeasuresOf(found.Quantity, found.Totals),
	}
	for i, row := range found.Rows {
		answer.Rows[i] = ProductSales{
			ProductID: optionalID(row.ID), Name: row.Name, GroupID: optionalID(row.Group), GroupName: row.GroupName,
			Deleted: row.Deleted, GroupDeleted: row.GroupDeleted,
			ProductMeasures: productMeasuresOf(row.Quantity, row.Measures),
		}
	}
	return c.JSON(http.StatusOK, answer)
}

// paymentsByType reports what closed receipts were paid with.
//
//	@ID			getPaymentsByType
//	@Summary	Payments by type
//	@Tags		reports
//	@Param		organization_id	path		string		true	"Organization"	format(uuid)
//	@Param		query			query		ReportQuery	false	"Period and filter"
//	@Success	200				{object}	PaymentsByType
//	@Failure	422				{object}	Problem	"too_many_rows"
//	@Security	BearerAuth
//	@Router		/organizations/{organization_id}/reports/payments-by-type [get]
func (s *Server) paymentsByType(c echo.Context) error {
	query, format, err := reportQuery(c)
	if err != nil {
		return err
	}
	found, err := s.Reports.PaymentsByType(c.Request().Context(), actor(c).OrganizationID, query)
	if err != nil {
		return err
	}
	found = found.InDigits()
	if format != formatJSON {
		return exportPaymentsByType(c, export.Format(format), &found)
	}
	answer := PaymentsByType{
		ReportHead: headOf("payments-by-type", found.Head), Rows: make([]PaymentTypeAmount, len(found.Rows)),
		Totals: PaymentTotals{
			Collected: number(found.Totals.Collected()), Unpaid: number(found.Totals.Unpaid()), Amount: number(found.Totals.Paid), Payments: found.Payments(),
		},
	}
	for i, row := range found.Rows {
		answer.Rows[i] = PaymentTypeAmount{row.ID.String(), row.Name, number(row.Amount), row.Payments, row.Deleted}
	}
	return c.JSON(http.StatusOK, answer)
}

func reportQuery(c echo.Context) (report.Query, string, error) {
	q := queryOf(c)
	query := report.Query{From: q.day("from"), To: q.day("to"), Outlet: q.id("outlet_id"), Group: q.id("group_id")}
	format := q.format()
	return query, format, q.err()
}
