package source

import (
	"strconv"
	"strings"
)

// Selection is a query of the mapping, narrowed.
type Selection struct {
	Query   string
	Columns []string // of its result
	In      *In
	Since   *Since
	OrderBy []string // columns
	Limit   int      // 0: all
}

// In narrows to rows whose column is one of the values.
type In struct {
	Column string
	Values []Value
}

// Since narrows to rows whose column is the value or greater.
type Since struct {
	Column string
	Value  Value
}

// Dialect is what differs in the SQL of drivers that quote names as the standard does.
type Dialect struct {
	Output      func(quoted string) string                  // a column as it is selected
	In          func(in *In) (condition string, args []any) // follows the column
	Arg         func(Value) any                             // a value to compare with
	Placeholder func(n int) string                          // the n-th, from 1
}

// SQL puts the selection around the query. The query ends on a line of its own,
// since it may end in a comment.
func (d Dialect) SQL(s Selection) (text string, args []any) {
	var b strings.Builder
	b.WriteString("SELECT ")
	for i, name := range s.Columns {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(d.Output(quoteName(name)))
	}
	b.WriteString(" FROM (\n" + withoutSemicolon(s.Query) + "\n) AS q")
	glue := " WHERE "
	if s.In != nil {
		condition, values := d.In(s.In)
		b.WriteString(glue + quoteName(s.In.Column) + condition)
		args, glue = append(args, values...), " AND "
	}
	if s.Since != nil {
		args = append(args, d.Arg(s.Since.Value))
		b.WriteString(glue + quoteName(s.Since.Column) + " >= " + d.Placeholder(len(args)))
	}
	glue = " ORDER BY "
	for _, name := range s.OrderBy {
		b.WriteString(glue + quoteName(name))
		glue = ", "
	}
	if s.Limit > 0 {
		b.WriteString(" LIMIT " + strconv.Itoa(s.Limit))
	}
	return b.String(), args
}

// NoRows is a query for the columns of another one.
func NoRows(query string) string {
	return "SELECT * FROM (\n" + withoutSemicolon(query) + "\n) AS q LIMIT 0"
}

func withoutSemicolon(query string) string {
	return strings.TrimRight(strings.TrimSpace(query), "; \t\r\n")
}

func quoteName(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }
