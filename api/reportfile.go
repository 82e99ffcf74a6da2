package api

import (
	"cmp"
	"slices"

	"github.com/labstack/echo/v4"

	"github.com/interpos/cabinet/internal/currency"
	"github.com/interpos/cabinet/internal/export"
	"github.com/interpos/cabinet/internal/projection"
	"github.com/interpos/cabinet/internal/report"
)

// measureColumn is a column of reports: its title is a key of the words of reports, until
// they are sent.
type measureColumn struct {
	title string
	kind  export.Kind
	of    func(report.Measures) any
}

// amountColumns are what periods and products have, periodColumns what only periods have.
var (
	amountColumns = []measureColumn{
		{"gross_sales", export.Money, func(m report.Measures) any { return m.GrossSales }},
		{"discounts", export.Money, func(m report.Measures) any { return m.Discounts }},
		{"refunds", export.Money, func(m report.Measures) any { return m.Refunds }},
		{"net_sales", export.Money, func(m report.Measures) any { return m.NetSales() }},
		{"service_charges", export.Money, func(m report.Measures) any { return m.ServiceCharges }},
		{"taxes", export.Money, func(m report.Measures) any { return m.Taxes }},
		{"tax_on_top", export.Money, func(m report.Measures) any { return m.TaxOnTop }},
		{"tips", export.Money, func(m report.Measures) any { return m.Tips }},
		{"rounding", export.Money, func(m report.Measures) any { return m.Rounding }},
		{"unexplained", export.Money, func(m report.Measures) any { return m.Unexplained }},
		{"collected", export.Money, func(m report.Measures) any { return m.Collected() }},
		{"unpaid", export.Money, func(m report.Measures) any { return m.Unpaid() }},
		{"cost", export.Money, func(m report.Measures) any { return m.Cost }},
		{"gross_profit", export.Money, func(m report.Measures) any { return m.GrossProfit() }},
		{"margin", export.Ratio, func(m report.Measures) any { return m.Margin() }},
		{"cost_share", export.Ratio, func(m report.Measures) any { return m.CostShare() }},
		{"receipts", export.Count, func(m report.Measures) any { return m.Receipts }},
	}
	periodColumns = append(slices.Clone(amountColumns),
		measureColumn{"guests", export.Count, func(m report.Measures) any { return m.Guests }},
		measureColumn{"average_check", export.Money, func(m report.Measures) any { return m.AverageCheck() }},
		measureColumn{"net_per_guest", export.Money, func(m report.Measures) any { return m.NetPerGuest() }},
	)
	paymentColumns = []export.Column{
		{Title: "bridge.payments", Kind: export.Text}, {Title: "measure.amount", Kind: export.Money}, {Title: "measure.payments", Kind: export.Count},
		{Title: "column.id", Kind: export.Text},
	}
)

// titled are columns with those of measures behind them.
func titled(columns []export.Column, measures []measureColumn) []export.Column {
	for _, measure := range measures {
		columns = append(columns, export.Column{Title: "measure." + measure.title, Kind: measure.kind})
	}
	return columns
}

// cells are those of a row with those of measures behind them.
func cells(row []any, columns []measureColumn, m report.Measures) []any {
	for _, measure := range columns {
		row = append(row, measure.of(m))
	}
	return row
}

func exportByDay(c echo.Context, format export.Format, found *report.ByDay) error {
	columns := titled([]export.Column{{Title: "column.day", Kind: export.Date}}, periodColumns)
	return sendReport(c, format, "sales-by-day", found.Head, columns, func(table export.Writer) error {
		for _, row := range found.Rows {
			if err := table.Row(cells([]any{row.Day}, periodColumns, row.Measures)...); err != nil {
				return err
			}
		}
		return table.Total(cells([]any{wordsOf(c).Text("report:total")}, periodColumns, found.Totals)...)
	})
}

func exportByHour(c echo.Context, format export.Format, found *report.ByHour) error {
	columns := titled([]export.Column{{Title: "column.hour", Kind: export.Count}}, periodColumns)
	return sendReport(c, format, "sales-by-hour", found.Head, columns, func(table export.Writer) error {
		for _, row := range found.Rows {
			if err := table.Row(cells([]any{row.Hour}, periodColumns, row.Measures)...); err != nil {
				return err
			}
		}
		return table.Total(cells([]any{wordsOf(c).Text("report:total")}, periodColumns, found.Totals)...)
	})
}

func exportByProduct(c echo.Context, format export.Format, found *report.ByProduct) error {
	columns := titled([]export.Column{
		{Title: "column.product", Kind: export.Text}, {Title: "column.group", Kind: export.Text}, {Title: "measure.quantity", Kind: export.Number},
	}, amountColumns)
	columns = append(columns, export.Column{Title: "column.id", Kind: export.Text})
	words := wordsOf(c)
	return sendReport(c, format, "sales-by-product", found.Head, columns, func(table export.Writer) error {
		for _, row := range found.Rows {
			name := markDeleted(words, cmp.Or(row.Name, words.Text("report:no_product")), row.Deleted)
			group := markDeleted(words, row.GroupName, row.GroupDeleted)
			if err := table.Row(append(cells([]any{name, group, row.Quantity}, amountColumns, row.Measures), optionalID(row.ID))...); err != nil {
				return err
			}
		}
		return table.Total(cells([]any{words.Text("report:total"), "", found.Quantity}, amountColumns, found.Totals)...)
	})
}

func exportPaymentsByType(c echo.Context, format export.Format, found *report.ByPaymentType) error {
	return sendReport(c, format, "payments-by-type", found.Head, paymentColumns, func(table export.Writer) error {
		for _, row := range found.Rows {
			if err := table.Row(markDeleted(wordsOf(c), row.Name, row.Deleted), row.Amount, row.Payments, row.ID.String()); err != nil {
				return err
			}
		}
		return table.Total(wordsOf(c).Text("report:total"), found.Totals.Paid, found.Payments())
	})
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
