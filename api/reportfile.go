package api

import (
	"github.com/labstack/echo/v4"

	"github.com/interpos/cabinet/internal/currency"
	"github.com/interpos/cabinet/internal/export"
	"github.com/interpos/cabinet/internal/projection"
	"github.com/interpos/cabinet/internal/report"
)

// Columns of reports: Title is a key of the words of reports, until they are sent.
var (
	periodColumns = []export.Column{
		{Title: "measure.gross_sales", Kind: export.Money}, {Title: "measure.discounts", Kind: export.Money},
		{Title: "measure.refunds", Kind: export.Money}, {Title: "measure.net_sales", Kind: export.Money},
		{Title: "measure.taxes", Kind: export.Money}, {Title: "measure.tips", Kind: export.Money},
		{Title: "measure.cost", Kind: export.Money}, {Title: "measure.gross_profit", Kind: export.Money},
		{Title: "measure.margin", Kind: export.Ratio}, {Title: "measure.receipts", Kind: export.Count},
		{Title: "measure.guests", Kind: export.Count}, {Title: "measure.average_check", Kind: export.Money},
		{Title: "measure.net_per_guest", Kind: export.Money},
	}
	productColumns = []export.Column{
		{Title: "column.product", Kind: export.Text}, {Title: "column.group", Kind: export.Text},
		{Title: "measure.quantity", Kind: export.Number}, {Title: "measure.gross_sales", Kind: export.Money},
		{Title: "measure.discounts", Kind: export.Money}, {Title: "measure.refunds", Kind: export.Money},
		{Title: "measure.net_sales", Kind: export.Money}, {Title: "measure.cost", Kind: export.Money},
		{Title: "measure.gross_profit", Kind: export.Money}, {Title: "measure.margin", Kind: export.Ratio},
		{Title: "measure.receipts", Kind: export.Count}, {Title: "column.id", Kind: export.Text},
	}
)

func measureCells(first any, m report.Measures) []any {
	return []any{first, m.GrossSales, m.Discounts, m.Refunds, m.NetSales(), m.Taxes, m.Tips, m.Cost, m.GrossProfit(),
		m.Margin(), m.Receipts, m.Guests, m.AverageCheck(), m.NetPerGuest()}
}

func exportByDay(c echo.Context, format export.Format, found *report.ByDay) error {
	columns := append([]export.Column{{Title: "column.day", Kind: export.Date}}, periodColumns...)
	return sendReport(c, format, "sales-by-day", found.Head, columns, func(table export.Writer) error {
		for _, row := range found.Rows {
			if err := table.Row(measureCells(row.Day, row.Measures)...); err != nil {
				return err
			}
		}
		return table.Total(measureCells(wordsOf(c).Text("report:total"), found.Totals)...)
	})
}

func exportByHour(c echo.Context, format export.Format, found *report.ByHour) error {
	columns := append([]export.Column{{Title: "column.hour", Kind: export.Count}}, periodColumns...)
	return sendReport(c, format, "sales-by-hour", found.Head, columns, func(table export.Writer) error {
		for _, row := range found.Rows {
			if err := table.Row(measureCells(row.Hour, row.Measures)...); err != nil {
				return err
			}
		}
		return table.Total(measureCells(wordsOf(c).Text("report:total"), found.Totals)...)
	})
}

func exportByProduct(c echo.Context, format export.Format, found *report.ByProduct) error {
	return sendReport(c, format, "sales-by-product", found.Head, productColumns, func(table export.Writer) error {
		for _, row := range found.Rows {
			if err := table.Row(append(productCells(row), row.ID.String())...); err != nil {
				return err
			}
		}
		return table.Total(productCells(report.ProductRow{
			Name: wordsOf(c).Text("report:total"), Quantity: found.Quantity, Measures: found.Totals})...)
	})
}

func productCells(row report.ProductRow) []any {
	m := row.Measures
	return []any{row.Name, row.GroupName, row.Quantity, m.GrossSales, m.Discounts, m.Refunds, m.NetSales(), m.Cost,
		m.GrossProfit(), m.Margin(), m.Receipts}
}

// sendReport sends a report's file, named after the report and its period.
func sendReport(c echo.Context, format export.Format, name string, head report.Head, columns []export.Column,
	fill func(export.Writer) error) error {
	words := wordsOf(c)
	titled := make([]export.Column, len(columns))
	for i, column := range columns {
		titled[i] = export.Column{Title: words.Text("report:" + column.Title), Kind: column.Kind}
	}
	title := words.Text("report:report." + name + ".title")
	table := export.Table{Title: title, Columns: titled, MinorDigits: currency.MinorDigits(head.Currency)}
	return sendTable(c, format, name+"_"+day(head.From)+"_"+day(head.To), table, func(table export.Writer) (projection.Freshness, error) {
		return head.Freshness, fill(table)
	})
}
