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
	Null    []string // narrows to rows in which one of these columns is NULL
	NoMark  *Since   // narrows to rows whose column is NULL, or no such time as the value
	OrderBy []string // columns
	From    *Value   // narrows to rows whose OrderBy columns are the value or greater
	Limit   int      // 0: all
}

// In narrows to rows whose columns are one of the values: tuples, where there are several columns.
type In struct {
	Columns []string
	Values  []Value
}

// Since narrows to rows whose column is the value or greater.
type Since struct {
	Column string
	Value  Value
}

// Dialect is what differs in the SQL of drivers that quote names as the standard does.
type Dialect struct {
	Output      func(quoted string) string                  // a column as it is selected
	In          func(in *In) (condition string, args []any) // follows the columns
	NoMark      func(quoted string, like Value) string      // condition for a column that holds no such time
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
		b.WriteString(d.Output(column(name)))
	}
	b.WriteString(" FROM (\n" + withoutSemicolon(s.Query) + "\n) AS q")
	conditions, args := d.conditions(s)
	glue := " WHERE "
	for _, condition := range conditions {
		b.WriteString(glue + condition)
		glue = " AND "
	}
	glue = " ORDER BY "
	for _, name := range s.OrderBy {
		b.WriteString(glue + column(name))
		glue = ", "
	}
	if s.Limit > 0 {
		b.WriteString(" LIMIT " + strconv.Itoa(s.Limit))
	}
	return b.String(), args
}

func (d Dialect) conditions(s Selection) (conditions []string, args []any) {
	if s.In != nil {
		condition, values := d.In(s.In)
		conditions, args = append(conditions, row(s.In.Columns)+condition), append(args, values...)
	}
	if s.Since != nil {
		args = append(args, d.Arg(s.Since.Value))
		conditions = append(conditions, column(s.Since.Column)+" >= "+d.Placeholder(len(args)))
	}
	if s.NoMark != nil {
		conditions = append(conditions, d.NoMark(column(s.NoMark.Column), s.NoMark.Value))
	}
	if s.From != nil {
		var places []string
		for _, part := range s.From.Parts() {
			args = append(args, d.Arg(part))
			places = append(places, d.Placeholder(len(args)))
		}
		conditions = append(conditions, row(s.OrderBy)+" >= ("+strings.Join(places, ", ")+")")
	}
	if len(s.Null) > 0 {
		var nulls []string
		for _, name := range s.Null {
			nulls = append(nulls, column(name)+" IS NULL")
		}
		conditions = append(conditions, "("+strings.Join(nulls, " OR ")+")")
	}
	return conditions, args
}

// row is the columns as one value: in brackets, if there are several.
func row(names []string) string {
	if len(names) == 1 {
		return column(names[0])
	}
	columns := make([]string, len(names))
	for i, name := range names {
		columns[i] = column(name)
	}
	return "(" + strings.Join(columns, ", ") + ")"
}

// NoRows is a query for the columns of another one.
func NoRows(query string) string {
	return "SELECT * FROM (\n" + withoutSemicolon(query) + "\n) AS q LIMIT 0"
}

func withoutSemicolon(query string) string {
	return strings.TrimRight(strings.TrimSpace(query), "; \t\r\n")
}

// column names a column of the query in a way that SQLite never takes for a text: a name in
// double quotes that it does not find, and that stands alone, is one.
func column(name string) string { return "q." + quoteName(name) }

// Narrowed is a query with something around it: text says what, with the query's rows as q and its columns
// by Column.
func Narrowed(text, query string) string {
	return strings.Replace(text, "FROM q", "FROM (\n"+withoutSemicolon(query)+"\n) AS q", 1)
}

// ColumnOf is a column of a query in the text of Narrowed.
func ColumnOf(name string) string { return column(name) }

func quoteName(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }
