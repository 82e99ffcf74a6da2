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

// dialect is what differs between the databases in a selection.
type dialect struct {
	column func(quoted string) string                  // as an output column
	in     func(in *In) (condition string, args []any) // %s stands for the column
	arg    func(Value) any
	mark   func(n int) string // the n-th placeholder, from 1
}

// sql puts the selection around the query. The query ends on a line of its own,
// since it may end in a comment.
func (s Selection) sql(d dialect) (text string, args []any) {
	var b strings.Builder
	b.WriteString("SELECT ")
	for i, name := range s.Columns {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(d.column(quote(name)))
	}
	b.WriteString(" FROM (\n" + bare(s.Query) + "\n) AS q")
	glue := " WHERE "
	if s.In != nil {
		condition, values := d.in(s.In)
		b.WriteString(glue + quote(s.In.Column) + condition)
		args, glue = append(args, values...), " AND "
	}
	if s.Since != nil {
		args = append(args, d.arg(s.Since.Value))
		b.WriteString(glue + quote(s.Since.Column) + " >= " + d.mark(len(args)))
	}
	glue = " ORDER BY "
	for _, name := range s.OrderBy {
		b.WriteString(glue + quote(name))
		glue = ", "
	}
	if s.Limit > 0 {
		b.WriteString(" LIMIT " + strconv.Itoa(s.Limit))
	}
	return b.String(), args
}

// bare is a query without the semicolon at its end.
func bare(query string) string {
	return strings.TrimRight(strings.TrimSpace(query), "; \t\r\n")
}

func quote(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }
