package listing

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
	Text   = "text"
	Number = "numeric"
	Time   = "timestamptz"
)

// ErrCursor is the error for a cursor that this list has not given out.
var ErrCursor = fault.New(fault.Malformed, "The cursor must be the next_cursor of a page in the same order.")

// Sort is a column that a list can be ordered by: its name in the API, the
// expression and its type in SQL.
type Sort struct{ Name, Expression, Type string }

// Order is the order of a list: by a column, then by id, so that rows with equal
// values keep their places from page to page.
type Order struct {
	Sort
	Descending bool
}

// ParseOrder reads `name` or `-name`; an empty text is the first of the columns,
// descending if it is asked for. Errors: ValidationFailed, for a column that is
// not there.
func ParseOrder(text string, columns []Sort, descending bool) (Order, error) {
	if text == "" {
		return Order{columns[0], descending}, nil
	}
	name, down := strings.CutPrefix(text, "-")
	for _, column := range columns {
		if column.Name == name {
			return Order{column, down}, nil
		}
	}
	return Order{}, fault.Invalid(fault.Field{Field: "sort", Code: "unknown", Message: "must be one of: " + names(columns)})
}

func names(columns []Sort) string {
	list := make([]string, len(columns))
	for i, column := range columns {
		list[i] = column.Name
	}
	return strings.Join(list, ", ") + "; with - in front, descending"
}

// SQL is the ORDER BY of the order.
func (o Order) SQL() string {
	if o.Descending {
		return o.Expression + " DESC, t.id DESC"
	}
	return o.Expression + ", t.id"
}

// Key is the expression of the text that a cursor keeps of a row.
func (o Order) Key() string {
	if o.Type == Time {
		return "to_char(" + o.Expression + ` AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`
	}
	return "(" + o.Expression + ")::text"
}

// holds says whether a cursor's key is one that Key may have made.
func (o Order) holds(key string) bool {
	switch o.Type {
	case Time:
		at, err := time.Parse("2006-01-02T15:04:05.000000Z", key)
		return err == nil && at.Year() > 0
	case Number:
		_, err := decimal.NewFromString(key)
		return err == nil && len(key) < 100 && !strings.ContainsAny(key, "eE")
	}
	return !strings.Contains(key, "\x00")
}

func (o Order) String() string {
	if o.Descending {
		return "-" + o.Name
	}
	return o.Name
}

// cursor is the last row of a page, in its order.
type cursor struct {
	Sort string    `json:"s"`
	Key  string    `json:"k"`
	ID   uuid.UUID `json:"i"`
}

// Cursor is the opaque position after a row.
func (o Order) Cursor(key string, id uuid.UUID) string {
	text, _ := json.Marshal(cursor{o.String(), key, id}) //nolint:errchkjson // strings and a UUID
	return base64.RawURLEncoding.EncodeToString(text)
}

// After adds the condition that a row comes after the cursor; an empty one is the
// start. Errors: Malformed, for a cursor that this list has not given out.
func (o Order) After(f *Filter, text string) error {
	if text == "" {
		return nil
	}
	decoded, err := base64.RawURLEncoding.DecodeString(text)
	var c cursor
	if err == nil {
		err = json.Unmarshal(decoded, &c)
	}
	if err != nil || c.Sort != o.String() || !o.holds(c.Key) {
		return ErrCursor
	}
	comparison := ">"
	if o.Descending {
		comparison = "<"
	}
	f.conditions = append(f.conditions, fmt.Sprintf("(%s, t.id) %s (%s::%s, %s)",
		o.Expression, comparison, f.Arg(c.Key), o.Type, f.Arg(c.ID)))
	return nil
}
