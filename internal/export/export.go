// Package export writes tables for spreadsheets: CSV and XLSX, with the same
// numbers to the last digit.
package export

import (
	"fmt"
	"io"
)

// Format is a file format.
type Format string

// The formats.
const (
	CSV  Format = "csv"
	XLSX Format = "xlsx"
)

// ContentType is the media type of the format.
func (f Format) ContentType() string {
	if f == XLSX {
		return "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	}
	return "text/csv; charset=utf-8"
}

// Kind says what a column holds, and so how a spreadsheet shows it.
type Kind uint8

// The kinds of columns, with the types of their cells.
const (
	Text   Kind = iota // string
	Count              // int64, int
	Number             // decimal.Decimal, decimal.NullDecimal: a quantity
	Money              // decimal.Decimal, decimal.NullDecimal
	Ratio              // decimal.Decimal, decimal.NullDecimal: 0.25 is shown as 25 %
	Date               // time.Time, of which the date counts
	Time               // time.Time in the zone whose clock is to be shown
)

// Column is a column of a table.
type Column struct {
	Title string
	Kind  Kind
}

// Writer takes a table row by row. A cell that is nil or not valid stays empty.
// Total writes a last row that sums up, Note one that says something of the file;
// Close completes the file.
type Writer interface {
	Row(cells ...any) error
	Total(cells ...any) error
	Note(text string) error
	Close() error
}

// Table says what a file holds.
type Table struct {
	Title       string // names the sheet of a workbook
	Columns     []Column
	MinorDigits int     // of the currency, in which a sheet shows money
	Dialect     Dialect // of CSV; none is RFC4180
}

// New starts a table with its header.
func New(w io.Writer, format Format, table Table) (Writer, error) {
	switch format {
	case CSV:
		return newCSV(w, table)
	case XLSX:
		return newXLSX(w, table)
	}
	return nil, fmt.Errorf("export: unknown format %q", format)
}
