package browse

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"

	"github.com/interpos/cabinet/internal/fault"
)

// Types of the columns that lists are ordered by.
const (
	sqlText   = "text"
	sqlNumber = "numeric"
	sqlTime   = "timestamptz"
)

// errCursor is the error for a cursor that this list has not given out.
var errCursor = fault.New(fault.Malformed, "The cursor must be the next_cursor of a page in the same order.")

// sortColumn is a column that a list can be ordered by: its name in the API, the
// expression and its type in SQL.
type sortColumn struct{ name, expression, sqlType string }

// order is the order of a list: by a column, then by id, so that rows with equal
// values keep their places from page to page.
type order struct {
	sortColumn
	descending bool
}

// parseOrder reads `name` or `-name`; an empty text is the first of the columns,
// descending if it is asked for. Errors: ValidationFailed, for a column that is
// not there.
func parseOrder(text string, columns []sortColumn, descending bool) (order, error) {
	if text == "" {
		return order{columns[0], descending}, nil
	}
	name, down := strings.CutPrefix(text, "-")
	for _, column := range columns {
		if column.name == name {
			return order{column, down}, nil
		}
	}
	return order{}, fault.Invalid(fault.Field{Field: "sort", Code: "unknown", Message: "must be one of: " + sortNames(columns)})
}

func sortNames(columns []sortColumn) string {
	list := make([]string, len(columns))
	for i, column := range columns {
		list[i] = column.name
	}
	return strings.Join(list, ", ") + "; with - in front, descending"
}

// clause is the ORDER BY of the order.
func (o order) clause() string {
	if o.descending {
		return o.expression + " DESC, t.id DESC"
	}
	return o.expression + ", t.id"
}

// keyExpression is the expression of the text that a cursor keeps of a row.
func (o order) keyExpression() string {
	if o.sqlType == sqlTime {
		return "to_char(" + o.expression + ` AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`
	}
	return "(" + o.expression + ")::text"
}

// isKey says whether a cursor's key is one that keyExpression may have made.
func (o order) isKey(key string) bool {
	switch o.sqlType {
	case sqlTime:
		at, err := time.Parse("2006-01-02T15:04:05.000000Z", key)
		return err == nil && at.Year() > 0
	case sqlNumber:
		_, err := decimal.NewFromString(key)
		return err == nil && len(key) < 100 && !strings.ContainsAny(key, "eE")
	}
	return !strings.Contains(key, "\x00")
}

func (o order) String() string {
	if o.descending {
		return "-" + o.name
	}
	return o.name
}

// cursor is the last row of a page, in its order.
type cursor struct {
	Sort string    `json:"s"`
	Key  string    `json:"k"`
	ID   uuid.UUID `json:"i"`
}

// cursorAfter is the opaque position after a row.
func (o order) cursorAfter(key string, id uuid.UUID) string {
	text, _ := json.Marshal(cursor{o.String(), key, id}) //nolint:errchkjson // strings and a UUID
	return base64.RawURLEncoding.EncodeToString(text)
}

// startAfter adds the condition that a row comes after the cursor; an empty one is the
// start. Errors: Malformed, for a cursor that this list has not given out.
func (o order) startAfter(f *filter, text string) error {
	if text == "" {
		return nil
	}
	decoded, err := base64.RawURLEncoding.DecodeString(text)
	var c cursor
	if err == nil {
		err = json.Unmarshal(decoded, &c)
	}
	if err != nil || c.Sort != o.String() || !o.isKey(c.Key) {
		return errCursor
	}
	comparison := ">"
	if o.descending {
		comparison = "<"
	}
	f.conditions = append(f.conditions, fmt.Sprintf("(%s, t.id) %s (%s::%s, %s)",
		o.expression, comparison, f.placeholder(c.Key), o.sqlType, f.placeholder(c.ID)))
	return nil
}
