package export

import (
	"fmt"
	"io"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/shopspring/decimal"
	"github.com/xuri/excelize/v2"
)

// Widths of columns, in characters.
const (
	narrowest = 10
	textWidth = 32
)

// xlsxWriter writes one sheet, row by row, with the header frozen.
type xlsxWriter struct {
	to     io.Writer
	file   *excelize.File
	sheet  *excelize.StreamWriter
	table  Table
	styles []int // of the columns' cells
	totals []int // the same, bold
	row    int
}

func newXLSX(w io.Writer, table Table) (*xlsxWriter, error) {
	x := &xlsxWriter{to: w, file: excelize.NewFile(), table: table, row: 1}
	if err := x.startSheet(table.Title); err != nil {
		_ = x.file.Close()
		return nil, err
	}
	return x, nil
}

func (x *xlsxWriter) startSheet(title string) (err error) {
	const firstSheet = "Sheet1"
	name := sheetName(title)
	if err := x.file.SetSheetName(firstSheet, name); err != nil {
		return err
	}
	if x.sheet, err = x.file.NewStreamWriter(name); err != nil {
		return err
	}
	for i, column := range x.table.Columns {
		if err := x.sheet.SetColWidth(i+1, i+1, columnWidth(column)); err != nil {
			return err
		}
	}
	if err := x.sheet.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}); err != nil {
		return err
	}
	if err := x.addStyles(); err != nil {
		return err
	}
	return x.writeHeader()
}

func (x *xlsxWriter) addStyles() error {
	for _, column := range x.table.Columns {
		format := numberFormat(column.Kind, x.table.MinorDigits)
		style, err := x.file.NewStyle(&excelize.Style{CustomNumFmt: &format})
		if err != nil {
			return err
		}
		bold, err := x.file.NewStyle(&excelize.Style{CustomNumFmt: &format, Font: &excelize.Font{Bold: true}})
		if err != nil {
			return err
		}
		x.styles, x.totals = append(x.styles, style), append(x.totals, bold)
	}
	return nil
}

func (x *xlsxWriter) writeHeader() error {
	bold, err := x.file.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}})
	if err != nil {
		return err
	}
	cells, styles := make([]any, len(x.table.Columns)), make([]int, len(x.table.Columns))
	for i, column := range x.table.Columns {
		cells[i], styles[i] = column.Title, bold
	}
	return x.writeRow(cells, styles)
}

func (x *xlsxWriter) Row(cells ...any) error   { return x.writeRow(cells, x.styles) }
func (x *xlsxWriter) Total(cells ...any) error { return x.writeRow(cells, x.totals) }

func (x *xlsxWriter) Note(text string) error { return x.writeRow([]any{text}, x.totals) }

func (x *xlsxWriter) Close() error {
	defer x.file.Close()
	if err := x.sheet.Flush(); err != nil {
		return err
	}
	return x.file.Write(x.to)
}

func (x *xlsxWriter) writeRow(cells []any, styles []int) error {
	row := make([]any, len(cells))
	for i, cell := range cells {
		value, err := nativeValue(cell)
		if err != nil {
			return err
		}
		row[i] = excelize.Cell{StyleID: styles[i], Value: value}
	}
	at, err := excelize.CoordinatesToCellName(1, x.row)
	if err != nil {
		return err
	}
	x.row++
	return x.sheet.SetRow(at, row)
}

// nativeValue is a cell's value in the types of the format. Its numbers are IEEE 754
// doubles whatever one does; the shortest text of one has the decimal's own digits,
// up to 15 of them.
func nativeValue(cell any) (any, error) {
	switch value := cell.(type) {
	case nil, int, int64:
		return value, nil
	case string:
		return value, nil
	case decimal.Decimal:
		return value.InexactFloat64(), nil
	case decimal.NullDecimal:
		if !value.Valid {
			return nil, nil
		}
		return value.Decimal.InexactFloat64(), nil
	case time.Time:
		return wallClock(value), nil
	}
	return nil, fmt.Errorf("export: a cell cannot hold %T", cell)
}

// wallClock is what the clock of the time's zone shows: a sheet knows no zones.
func wallClock(at time.Time) time.Time {
	year, month, day := at.Date()
	return time.Date(year, month, day, at.Hour(), at.Minute(), at.Second(), 0, time.UTC)
}

func numberFormat(kind Kind, minorDigits int) string {
	switch kind {
	case Money:
		if minorDigits > 0 {
			return "#,##0." + strings.Repeat("0", minorDigits)
		}
		return "#,##0"
	case Ratio:
		return "0.0%"
	case Count:
		return "#,##0"
	case Date:
		return "yyyy-mm-dd"
	case Time:
		return "yyyy-mm-dd hh:mm:ss"
	}
	return "General"
}

func columnWidth(column Column) float64 {
	least := narrowest
	switch column.Kind {
	case Text:
		least = textWidth
	case Money:
		least = 14
	case Time:
		least = 19
	}
	return float64(max(least, utf8.RuneCountInString(column.Title)+2))
}

// sheetName is a title as a sheet may be called: 31 characters, none of \ / ? * [ ] : '.
func sheetName(title string) string {
	name := make([]rune, 0, len(title))
	for _, r := range title {
		switch r {
		case '\\', '/', '?', '*', '[', ']', ':', '\'':
			r = ' '
		}
		name = append(name, r)
	}
	return string(name[:min(len(name), 31)])
}
