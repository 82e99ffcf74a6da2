package export

import (
	"bufio"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/shopspring/decimal"
)

// csvWriter writes UTF-8 with a byte order mark, by which spreadsheets know it, commas,
// and CRLF at the end of a row (RFC 4180); what stands in a text, line feeds among
// it, stays as it is. It has neither totals nor notes: programs read every row alike.
type csvWriter struct {
	file    *bufio.Writer
	columns []Column
}

func newCSV(w io.Writer, columns []Column) (*csvWriter, error) {
	c := &csvWriter{bufio.NewWriter(w), columns}
	_, _ = c.file.WriteString("\ufeff") // an error stays, for Close
	for i, column := range columns {
		c.writeField(i, column.Title)
	}
	_, err := c.file.WriteString("\r\n")
	return c, err
}

func (c *csvWriter) Row(cells ...any) error {
	for i, cell := range cells {
		text, err := plainText(cell, c.columns[i].Kind)
		if err != nil {
			return err
		}
		c.writeField(i, text)
	}
	_, err := c.file.WriteString("\r\n")
	return err
}

// writeField writes a field of a row, in quotes where it needs them.
func (c *csvWriter) writeField(index int, text string) {
	if index > 0 {
		_ = c.file.WriteByte(',')
	}
	if strings.ContainsAny(text, ",\"\r\n") || text != strings.TrimSpace(text) {
		text = `"` + strings.ReplaceAll(text, `"`, `""`) + `"`
	}
	_, _ = c.file.WriteString(text)
}

// withoutFormula keeps a text from being taken for a formula: one that begins with
// = + - @, or with a control character that spreadsheets skip, gets an
// apostrophe in front (OWASP, CSV injection). A workbook knows texts from formulas.
func withoutFormula(text string) string {
	if text != "" && strings.ContainsRune("=+-@\t\r\n", rune(text[0])) {
		return "'" + text
	}
	return text
}

func (c *csvWriter) Total(...any) error { return nil }

func (c *csvWriter) Note(string) error { return nil }

func (c *csvWriter) Close() error { return c.file.Flush() }

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
