// Package cursor pages the lists of the API by key. A page's cursor names the last
// row of the page in the list's order, and the next page begins after it: rows that
// come or go meanwhile neither repeat others nor hide them.
package cursor

import (
	"encoding/base64"
	"encoding/json"
	"strings"

	"github.com/interpos/cabinet/internal/fault"
)

// Order is the order of a list. No two rows may agree in all of its columns: an id
// comes last.
type Order struct {
	Name       string // tells the list's orders apart, so that no cursor is used in another one
	Columns    []Column
	Descending bool // by all columns
}

// SQL is what stands after ORDER BY.
func (o Order) SQL() string {
	columns := make([]string, len(o.Columns))
	for i, column := range o.Columns {
		columns[i] = column.Expression
		if o.Descending {
			columns[i] += " DESC"
		}
	}
	return strings.Join(columns, ", ")
}

// Keys is the expression, a text[], that gives of a row what Cursor takes.
func (o Order) Keys() string {
	keys := make([]string, len(o.Columns))
	for i, column := range o.Columns {
		keys[i] = column.keyExpression()
	}
	return "ARRAY[" + strings.Join(keys, ", ") + "]"
}

// content is what a cursor carries.
type content struct {
	Order string   `json:"o"`
	Keys  []string `json:"k"`
}

// Cursor is the opaque position after a row, by its keys.
func (o Order) Cursor(keys []string) string {
	text, _ := json.Marshal(content{o.Name, keys}) //nolint:errchkjson // strings
	return base64.RawURLEncoding.EncodeToString(text)
}

// After is the condition that a row comes after a cursor, "" for the start of the
// list. arg takes an argument of the statement and gives its place, $3 say. Error:
// Malformed, for a cursor that this list has not given out in this order.
func (o Order) After(cursor string, arg func(any) string) (condition string, err error) {
	if cursor == "" {
		return "true", nil
	}
	keys, err := o.parseKeys(cursor)
	if err != nil {
		return "", err
	}
	columns, places := make([]string, len(keys)), make([]string, len(keys))
	for i, column := range o.Columns {
		columns[i], places[i] = column.Expression, arg(keys[i])+"::text::"+string(column.Type)
	}
	comparison := " > "
	if o.Descending {
		comparison = " < "
	}
	return "(" + strings.Join(columns, ", ") + ")" + comparison + "(" + strings.Join(places, ", ") + ")", nil
}

func (o Order) parseKeys(cursor string) (keys []string, err error) {
	text, err := base64.RawURLEncoding.DecodeString(cursor)
	var c content
	if err == nil {
		err = json.Unmarshal(text, &c)
	}
	if err != nil || c.Order != o.Name || len(c.Keys) != len(o.Columns) {
		return nil, errForeign
	}
	for i, column := range o.Columns {
		if !column.Type.canRead(c.Keys[i]) {
			return nil, errForeign
		}
	}
	return c.Keys, nil
}

// errForeign is the error of a cursor that a list has not given out in its order.
var errForeign = fault.New(fault.Malformed, "The cursor must be the next_cursor of a page in the same order.")
