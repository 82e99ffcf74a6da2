package browse

import (
	"strings"

	"github.com/interpos/cabinet/internal/cursor"
	"github.com/interpos/cabinet/internal/fault"
)

// sortColumn is a column that a list can be ordered by, with its name in the API.
type sortColumn struct {
	name string
	cursor.Column
}

// newOrder is the order by a column, then by id, so that rows with equal values keep
// their places from page to page.
func newOrder(by sortColumn, descending bool) cursor.Order {
	name := by.name
	if descending {
		name = "-" + name
	}
	return cursor.Order{Name: name, Columns: []cursor.Column{by.Column, {Expression: "t.id", Type: cursor.ID}}, Descending: descending}
}

// parseOrder reads `name` or `-name`; an empty text is the first of the columns,
// descending if it is asked for. Errors: ValidationFailed, for a column that is
// not there.
func parseOrder(text string, columns []sortColumn, descending bool) (cursor.Order, error) {
	if text == "" {
		return newOrder(columns[0], descending), nil
	}
	name, down := strings.CutPrefix(text, "-")
	for _, column := range columns {
		if column.name == name {
			return newOrder(column, down), nil
		}
	}
	return cursor.Order{}, fault.Invalid(fault.Field{Field: "sort", Code: "unknown", Message: "must be one of: " + sortNames(columns)})
}

func sortNames(columns []sortColumn) string {
	list := make([]string, len(columns))
	for i, column := range columns {
		list[i] = column.name
	}
	return strings.Join(list, ", ") + "; with - in front, descending"
}
