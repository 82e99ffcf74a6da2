package extract

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/interpos/cabinet/internal/agent/mapping"
	"github.com/interpos/cabinet/internal/agent/source"
)

// none is the index of a column that is not mapped.
const none = -1

// table is a mapped query with its columns found.
type table struct {
	*mapping.Table
	list       *mapping.List // nil for the kind itself
	path       string        // receipt.lines
	columns    []string
	origins    []string // table of each column; empty: it is computed
	fields     [][]int  // columns of each field; none: a constant
	key        []int    // none: the items have none
	modifiedAt int
	deleted    int
	parent     []int
	order      []int
	texts      int
	lists      []*table
}

func (t *table) columnName(column int) string { return t.columns[column] }

func (t *table) columnNames(columns []int) []string {
	names := make([]string, len(columns))
	for i, column := range columns {
		names[i] = t.columns[column]
	}
	return names
}

// valueOf is that of some columns of a row: a tuple, if there are several; NULL, if there is none.
func valueOf(row source.Row, columns []int) source.Value {
	switch len(columns) {
	case 0:
		return source.Value{}
	case 1:
		return row[columns[0]]
	}
	parts := make([]source.Value, len(columns))
	for i, column := range columns {
		parts[i] = row[column]
	}
	return source.TupleOf(parts)
}

// binder finds the columns that a mapping names in the results of its queries.
type binder struct {
	ctx         context.Context
	source      source.Source
	file        string
	errors      mapping.Errors
	unavailable error // *source.Unavailable: the mapping is not to blame
}

func (b *binder) bindKind(kind *mapping.Kind) *table {
	t := b.bindTable(kind.Record.Name, &kind.Table)
	t.modifiedAt, t.deleted = b.findColumn(t, kind.ModifiedAt), b.findColumn(t, kind.Deleted)
	return t
}

func (b *binder) bindTable(path string, mapped *mapping.Table) *table {
	t := &table{Table: mapped, path: path, modifiedAt: none, deleted: none, texts: none}
	if b.unavailable != nil {
		return t
	}
	columns, err := b.source.Columns(b.ctx, mapped.Query.Text)
	if away := new(source.Unavailable); errors.As(err, &away) {
		b.unavailable = err
		return t
	}
	if err != nil {
		b.addError(mapped.Query, fmt.Sprintf("%s: the query fails: %v", path, err))
		return t
	}
	for _, column := range columns {
		t.columns, t.origins = append(t.columns, column.Name), append(t.origins, column.Table)
	}
	t.key = b.findColumns(t, mapped.Key)
	for i := range mapped.Fields {
		field := &mapped.Fields[i]
		known := len(b.errors)
		t.fields = append(t.fields, b.findColumns(t, field.Column))
		if len(b.errors) > known && field.Ref == "" {
			b.errors[known].Message += fmt.Sprintf("; if not a column but this text is meant, write %s: {value: %s}", field.Name.Text, field.Column)
		}
	}
	for i := range mapped.Lists {
		t.lists = append(t.lists, b.bindList(path, &mapped.Lists[i]))
	}
	return t
}

func (b *binder) bindList(path string, list *mapping.List) *table {
	t := b.bindTable(path+"."+list.Name.Text, &list.Table)
	t.list = list
	t.parent, t.texts, t.order = b.findColumns(t, list.Parent), b.findColumn(t, list.Column), t.key
	if list.Order.Given() {
		t.order = b.findColumns(t, mapping.Names{list.Order})
	}
	return t
}

func (b *binder) findColumns(t *table, names mapping.Names) (columns []int) {
	for _, name := range names {
		if column := b.findColumn(t, name); column != none {
			columns = append(columns, column)
		}
	}
	return columns
}

// findColumn is the index of a column, whatever the case of its letters.
func (b *binder) findColumn(t *table, name mapping.Name) int {
	if !name.Given() || t.columns == nil {
		return none
	}
	for i, column := range t.columns {
		if column == name.Text {
			return i
		}
	}
	for i, column := range t.columns {
		if strings.EqualFold(column, name.Text) {
			return i
		}
	}
	b.addError(name, fmt.Sprintf("%s: the query has no column %q; it has %s", t.path, name.Text, strings.Join(t.columns, ", ")))
	return none
}

func (b *binder) addError(at mapping.Name, message string) {
	b.errors = append(b.errors, at.At(b.file, message))
}
