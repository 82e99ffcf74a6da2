package export

import (
	"encoding/csv"
	"fmt"
	"io"
	"strconv"
	"time"

	"github.com/shopspring/decimal"
)

// csvWriter writes UTF-8 with a byte order mark, by which spreadsheets know it,
// commas and CRLF (RFC 4180). It has neither totals nor notes: programs read every row alike.
type csvWriter struct {
	file    *csv.Writer
	columns []Column
	line    []string
}

func newCSV(w io.Writer, columns []Column) (*csvWriter, error) {
	if _, err := io.WriteString(w, "\ufeff"); err != nil {
		return nil, err
	}
	c := &csvWriter{file: csv.NewWriter(w), columns: columns, line: make([]string, len(columns))}
	c.file.UseCRLF = true
	for i, column := range columns {
		c.line[i] = column.Title
	}
	return c, c.file.Write(c.line)
}

func (c *csvWriter) Row(cells ...any) error {
	for i, cell := range cells {
		text, err := plainText(cell, c.columns[i].Kind)
		if err != nil {
			return err
		}
		c.line[i] = text
	}
	return c.file.Write(c.line[:len(cells)])
}

func (c *csvWriter) Total(...any) error { return nil }

func (c *csvWriter) Note(string) error { return nil }

func (c *csvWriter) Close() error {
	c.file.Flush()
	return c.file.Error()
}

// plainText is the text of a cell: numbers with a point, days and times as ISO 8601.
func plainText(cell any, kind Kind) (string, error) {
	switch value := cell.(type) {
	case nil:
		return "", nil
	case string:
		return withoutFormula(value), nil
	case int:
		return strconv.Itoa(value), nil
	case int64:
		return strconv.FormatInt(value, 10), nil
	case decimal.Decimal:
		return value.String(), nil
	case decimal.NullDecimal:
		if !value.Valid {
			return "", nil
		}
		return value.Decimal.String(), nil
	case time.Time:
		if kind == Date {
			return value.Format(time.DateOnly), nil
		}
		return value.Format(time.DateTime), nil
	}
	return "", fmt.Errorf("export: a cell cannot hold %T", cell)
}
