package export

import (
	"bufio"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/shopspring/decimal"
	"golang.org/x/text/unicode/norm"
)

// Dialect is how a spreadsheet of some country reads CSV.
type Dialect struct {
	separator byte // of fields
	point     byte // of decimals
}

// The dialects. Programs read RFC4180; a Russian Excel opens Russian in columns, with numbers
// that it can add up.
var (
	RFC4180 = Dialect{',', '.'}
	Russian = Dialect{';', ','}
)

// csvWriter writes UTF-8 with a byte order mark, by which spreadsheets know it, and CRLF
// at the end of a row (RFC 4180); what stands in a text, line feeds among
// it, stays as it is. It has neither totals nor notes: programs read every row alike.
type csvWriter struct {
	file    *bufio.Writer
	columns []Column
	dialect Dialect
}

func newCSV(w io.Writer, table Table) (*csvWriter, error) {
	c := &csvWriter{bufio.NewWriter(w), table.Columns, table.Dialect}
	if c.dialect == (Dialect{}) {
		c.dialect = RFC4180
	}
	_, _ = c.file.WriteString("\ufeff") // an error stays, for Close
	for i, column := range c.columns {
		c.writeField(i, column.Title)
	}
	_, err := c.file.WriteString("\r\n")
	return c, err
}

func (c *csvWriter) Row(cells ...any) error {
	for i, cell := range cells {
		text, err := c.plainText(cell, c.columns[i].Kind)
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
		_ = c.file.WriteByte(c.dialect.separator)
	}
	if strings.ContainsAny(text, string(c.dialect.separator)+"\"\r\n") || text != strings.TrimSpace(text) {
		text = `"` + strings.ReplaceAll(text, `"`, `""`) + `"`
	}
	_, _ = c.file.WriteString(text)
}

// separators are what some spreadsheet or other takes for the end of a field. One that
// expects another separator than the file has heeds no quotes that begin within its field.
const separators = ",;\t|\r\n"

// withoutFormulas keeps a text, and whatever a spreadsheet of another dialect makes a cell
// of within it, from being taken for a formula: an apostrophe stands in front (OWASP,
// CSV injection). A workbook knows texts from formulas.
func withoutFormulas(text string) string {
	var safe strings.Builder
	for text != "" {
		if beginsFormula(text) {
			safe.WriteByte('\'')
		}
		end := strings.IndexAny(text, separators) + 1
		if end == 0 {
			end = len(text)
		}
		safe.WriteString(text[:end])
		text = text[end:]
	}
	return safe.String()
}

// beginsFormula says whether a cell with that text may be a formula: whether the first
// character that spreadsheets do not skip is = + - @, however wide or high it stands.
func beginsFormula(text string) bool {
	for _, r := range text {
		if r != '"' && !unicode.In(r, unicode.Cc, unicode.Cf, unicode.White_Space) {
			plain := norm.NFKC.String(string(r))
			return plain == "=" || plain == "+" || plain == "-" || plain == "@"
		}
	}
	return false
}

func (c *csvWriter) Total(...any) error { return nil }

func (c *csvWriter) Note(string) error { return nil }

func (c *csvWriter) Close() error { return c.file.Flush() }

// plainText is the text of a cell: decimals with the dialect's point, days and times as ISO 8601.
func (c *csvWriter) plainText(cell any, kind Kind) (string, error) {
	switch value := cell.(type) {
	case nil:
		return "", nil
	case string:
		return withoutFormulas(value), nil
	case int:
		return strconv.Itoa(value), nil
	case int64:
		return strconv.FormatInt(value, 10), nil
	case decimal.Decimal:
		return c.decimalText(value), nil
	case decimal.NullDecimal:
		if !value.Valid {
			return "", nil
		}
		return c.decimalText(value.Decimal), nil
	case time.Time:
		if kind == Date {
			return value.Format(time.DateOnly), nil
		}
		return value.Format(time.DateTime), nil
	}
	return "", fmt.Errorf("export: a cell cannot hold %T", cell)
}

func (c *csvWriter) decimalText(number decimal.Decimal) string {
	return strings.ReplaceAll(number.String(), ".", string(c.dialect.point))
}
