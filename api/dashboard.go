package api

import (
	"encoding/json"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/interpos/cabinet/internal/report"
)

// Dashboard is what Home shows.
type Dashboard struct {
	Currency            string               `json:"currency" example:"RUB"`                          // ISO 4217
	TimeZone            string               `json:"time_zone" example:"Europe/Moscow"`               // IANA
	BusinessDay         string               `json:"business_day" format:"date" example:"2026-05-25"` // Today
	Today               DashboardPeriod      `json:"today"`
	Week                DashboardPeriod      `json:"week"`                                         // From Monday
	SalesByDay          []DashboardDay       `json:"sales_by_day"`                                 // The last 30 business days, those without sales included
	OpenReceipts        int64                `json:"open_receipts" example:"2"`                    // Receipts that are open now, of whatever day: they count in no figure yet
	LastSynchronization *LastSynchronization `json:"last_synchronization" extensions:"x-nullable"` // null: no device has exchanged records yet
	Devices             int64                `json:"devices" example:"3"`
	Setup               DashboardSetup       `json:"setup"`
	Freshness           Freshness            `json:"freshness"`
}

// DashboardPeriod is a period that is still going on, beside the one before it up
// to the same weekday and time of the local clock.
type DashboardPeriod struct {
	DashboardFigures
	Previous DashboardFigures `json:"previous"`
}

// DashboardFigures are the figures of a period, as the reports define them.
type DashboardFigures struct {
	NetSales     json.Number  `json:"net_sales" swaggertype:"number" example:"49550.00"`
	Collected    json.Number  `json:"collected" swaggertype:"number" example:"51349.55"` // As in the reports: with service charges, tax on top, tips, rounding
	Receipts     int64        `json:"receipts" example:"118"`
	AverageCheck *json.Number `json:"average_check" swaggertype:"number" extensions:"x-nullable" example:"419.9153"` // null without receipts
}

// DashboardDay is one business day.
type DashboardDay struct {
	Day      string      `json:"day" format:"date" example:"2026-05-25"`
	NetSales json.Number `json:"net_sales" swaggertype:"number" example:"49550.00"`
	Receipts int64       `json:"receipts" example:"118"`
}

// LastSynchronization is the last exchange of records with a device.
type LastSynchronization struct {
	At         time.Time `json:"at" example:"2026-05-25T17:03:12Z"`
	DeviceID   string    `json:"device_id" format:"uuid" example:"0190a2c4-7b1e-7c3a-9d55-3f1f0a6f2b11"`
	DeviceName string    `json:"device_name" example:"Till computer, Lenina 5"`
}

// DashboardSetup is how far the organization is set up.
type DashboardSetup struct {
	DeviceSeen   bool `json:"device_seen" example:"true"`   // A device has said hello
	DataReceived bool `json:"data_received" example:"true"` // Records have arrived
}

// dashboard shows today's and this week's figures.
//
//	@Summary	Show the dashboard
//	@ID			getDashboard
//	@Tags		reports
//	@Param		organization_id	path		string	true	"Organization"	format(uuid)
//	@Success	200				{object}	Dashboard
//	@Security	BearerAuth
//	@Router		/organizations/{organization_id}/dashboard [get]
func (s *Server) dashboard(c echo.Context) error {
	found, err := s.Reports.Dashboard(c.Request().Context(), actor(c).OrganizationID)
	if err != nil {
		return err
	}
	answer := Dashboard{
		Currency: found.Currency, TimeZone: found.TimeZone, BusinessDay: day(found.BusinessDay),
		Today: dashboardPeriod(found.Today, found.Currency), Week: dashboardPeriod(found.Week, found.Currency),
		SalesByDay: make([]DashboardDay, len(found.SalesByDay)), Devices: found.Devices, OpenReceipts: found.OpenReceipts,
		Setup: DashboardSetup{DeviceSeen: found.Devices > 0, DataReceived: found.DataReceived}, Freshness: freshnessOf(found.Freshness),
	}
	for i, row := range found.SalesByDay {
		answer.SalesByDay[i] = DashboardDay{day(row.Day), number(row.InDigits(found.Currency).NetSales()), row.Receipts}
	}
	if last := found.LastSynchronization; last != nil {
		answer.LastSynchronization = &LastSynchronization{last.At.UTC(), last.DeviceID.String(), last.DeviceName}
	}
	return c.JSON(http.StatusOK, answer)
}

func dashboardPeriod(comparison report.Comparison, currency string) DashboardPeriod {
	return DashboardPeriod{dashboardFigures(comparison.Current.InDigits(currency)), dashboardFigures(comparison.Previous.InDigits(currency))}
}

func dashboardFigures(m report.Measures) DashboardFigures {
	return DashboardFigures{number(m.NetSales()), number(m.Collected()), m.Receipts, optionalNumber(m.AverageCheck())}
}
