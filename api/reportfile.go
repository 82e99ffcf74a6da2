package api

import (
	"github.com/labstack/echo/v4"

	"github.com/interpos/cabinet/internal/export"
	"github.com/interpos/cabinet/internal/report"
)

// measureColumns are the measures of a day or an hour.
var measureColumns = []column{
	{"gross_sales", export.Money}, {"discounts", export.Money}, {"refunds", export.Money}, {"net_sales", export.Money},
	{"taxes", export.Money}, {"tips", export.Money}, {"cost", export.Money}, {"gross_profit", export.Money},
	{"margin", export.Ratio}, {"receipts", export.Count}, {"guests", export.Count},
	{"average_check", export.Money}, {"net_per_guest", export.Money},
}

func measureCells(first any, m report.Measures) []any {
	return []any{first, m.GrossSales, m.Discounts, m.Refunds, m.NetSales(), m.Taxes, m.Tips, m.Cost, m.GrossProfit(),
		m.Margin(), m.Receipts, m.Guests, m.AverageCheck(), m.NetPerGuest()}
}

func exportByDay(c echo.Context, format export.Format, found *report.ByDay) error {
	columns := append([]column{{"day", export.Date}}, measureColumns...)
	return sendReport(c, format, "sales-by-day", found.Head, columns, func(table export.Writer) error {
		for _, row := range found.Rows {
			if err := table.Row(measureCells(row.Day, row.Measures)...); err != nil {
				return err
			}
		}
		return table.Total(measureCells(title(languageOf(c), "totals"), found.Totals)...)
	})
}

func exportByHour(c echo.Context, format export.Format, found *report.ByHour) error {
	columns := append([]column{{"hour", export.Count}}, measureColumns...)
	return sendReport(c, format, "sales-by-hour", found.Head, columns, func(table export.Writer) error {
		for _, row := range found.Rows {
			if err := table.Row(measureCells(row.Hour, row.Measures)...); err != nil {
				return err
			}
		}
		return table.Total(measureCells(title(languageOf(c), "totals"), found.Totals)...)
	})
}

func exportByProduct(c echo.Context, format export.Format, found *report.ByProduct) error {
	columns := []column{
		{"name", export.Text}, {"group", export.Text}, {"quantity", export.Number}, {"gross_sales", export.Money},
		{"discounts", export.Money}, {"refunds", export.Money}, {"net_sales", export.Money}, {"cost", export.Money},
		{"gross_profit", export.Money}, {"margin", export.Ratio}, {"receipts", export.Count}, {"id", export.Text},
	}
	return sendReport(c, format, "sales-by-product", found.Head, columns, func(table export.Writer) error {
		for _, row := range found.Rows {
			if err := table.Row(append(productCells(row), row.ID.String())...); err != nil {
				return err
			}
		}
		return table.Total(productCells(report.ProductRow{
			Name: title(languageOf(c), "totals"), Quantity: found.Quantity, Measures: found.Totals})...)
	})
}

func productCells(row report.ProductRow) []any {
	m := row.Measures
	return []any{row.Name, row.GroupName, row.Quantity, m.GrossSales, m.Discounts, m.Refunds, m.NetSales(), m.Cost,
		m.GrossProfit(), m.Margin(), m.Receipts}
}

// sendReport sends a report's file, named after the report and its period.
func sendReport(c echo.Context, format export.Format, name string, head report.Head, columns []column,
	fill func(export.Writer) error) error {
	return sendTable(c, format, name, "_"+day(head.From)+"_"+day(head.To), columns, fill)
}
