package extract

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/interpos/cabinet/internal/agent/mapping"
	"github.com/interpos/cabinet/internal/agent/source"
	"github.com/interpos/cabinet/internal/record"
)

// Codes of what Inspect finds.
const (
	ColumnTwice   = "column_twice"   // the query gives two columns of that name
	FromDirectory = "from_directory" // a document's text that changes with a directory
	InnerJoin     = "inner_join"     // rows that have no counterpart in another table are lost
	KeyShared     = "key_shared"     // rows under several parents have one key, and lists inside
	NoIndex       = "no_index"       // the POS waits while the rows are listed
)

// Tables are those that the rows of the kind are taken from.
func (x *Extractor) Tables() map[string]bool {
	tables := map[string]bool{}
	for _, name := range x.root.origins {
		if name != "" {
			tables[name] = true
		}
	}
	return tables
}

// Inspect looks at how the queries of the kind are made. directories are the tables of the kinds that
// are no documents. Error: *Failure.
func (x *Extractor) Inspect(ctx context.Context, directories map[string]bool) ([]Note, error) {
	i := inspector{Extractor: x, directories: directories}
	err := i.inspectRoot(ctx)
	if err == nil {
		err = i.inspectTable(ctx, x.root)
	}
	return i.notes, x.asFailure(err)
}

type inspector struct {
	*Extractor
	directories map[string]bool
	notes       []Note
}

func (i *inspector) note(code, path, given string) {
	i.notes = append(i.notes, Note{code, path, given})
}

// inspectRoot looks for indexes by which rows are listed.
func (i *inspector) inspectRoot(ctx context.Context) error {
	orders := [][]string{i.root.columnNames(i.root.key)}
	if i.root.modifiedAt != none {
		orders = append(orders, []string{i.root.columnName(i.root.modifiedAt)})
	}
	for _, order := range orders {
		holds, err := i.source.Holds(ctx, source.Selection{Query: i.root.Query.Text, Columns: order, OrderBy: order})
		if err != nil {
			return err
		}
		if holds {
			i.note(NoIndex, i.root.path, strings.Join(order, ", "))
		}
	}
	return nil
}

func (i *inspector) inspectTable(ctx context.Context, t *table) error {
	i.findColumnsTwice(t)
	if i.kind.Record.Document {
		i.findDirectoryTexts(t)
	}
	if err := i.countLostRows(ctx, t); err != nil {
		return err
	}
	for _, list := range t.lists {
		if err := i.countSharedKeys(ctx, list); err != nil {
			return err
		}
		if err := i.inspectTable(ctx, list); err != nil {
			return err
		}
	}
	return nil
}

// findColumnsTwice looks for names of the mapping that two columns of the query have: nobody says which is meant.
func (i *inspector) findColumnsTwice(t *table) {
	count := map[string]int{}
	for _, name := range t.columns {
		count[strings.ToLower(name)]++
	}
	said := map[string]bool{}
	for _, name := range namesOf(t) {
		lower := strings.ToLower(name)
		if count[lower] > 1 && !said[lower] {
			i.note(ColumnTwice, t.path, name)
			said[lower] = true
		}
	}
}

// namesOf are the columns that the mapping names.
func namesOf(t *table) []string {
	names := t.Key.Texts()
	for _, field := range t.Fields {
		names = append(names, field.Column.Texts()...)
	}
	if t.list != nil {
		names = append(names, t.list.Parent.Texts()...)
	}
	return names
}

// findDirectoryTexts looks for texts of another table than the rows themselves are taken from.
func (i *inspector) findDirectoryTexts(t *table) {
	own := map[string]bool{}
	for _, column := range append(slices.Clone(t.key), t.parent...) {
		own[t.origins[column]] = true
	}
	for n, field := range t.Fields {
		if field.Shape != record.TextShape || len(t.fields[n]) != 1 {
			continue
		}
		if origin := t.origins[t.fields[n][0]]; i.directories[origin] && !own[origin] {
			i.note(FromDirectory, t.path+"."+field.Name.Text, origin)
		}
	}
}

// join finds joins with the words before them that say which sort they are.
var join = regexp.MustCompile(`(?i)\b((?:left|right|full|cross|natural|inner|outer)\s+)*join\b`)

// asOuterJoins is the query with left joins in the place of inner ones; the same text where it has none.
func asOuterJoins(query string) string {
	return join.ReplaceAllStringFunc(query, func(words string) string {
		if first := strings.ToLower(strings.Fields(words)[0]); first == "join" || first == "inner" {
			return "LEFT JOIN"
		}
		return words
	})
}

// countLostRows counts the rows that inner joins lose.
func (i *inspector) countLostRows(ctx context.Context, t *table) error {
	outer := asOuterJoins(t.Query.Text)
	if outer == t.Query.Text {
		return nil
	}
	const text = "SELECT count(*) AS n FROM q"
	all, err := i.countRows(ctx, source.Narrowed(text, outer))
	if err != nil {
		return nil //nolint:nilerr // not every query can be turned into one with outer joins
	}
	some, err := i.countRows(ctx, source.Narrowed(text, t.Query.Text))
	if err != nil {
		return err
	}
	if all > some || t.list != nil && i.kind.Record.Document {
		i.note(InnerJoin, t.path, fmt.Sprintf("%d rows", all-some))
	}
	return nil
}

// countSharedKeys counts keys of a list that stand under several rows above: the lists inside go by the key alone.
func (i *inspector) countSharedKeys(ctx context.Context, t *table) error {
	if len(t.lists) == 0 {
		return nil
	}
	var columns []string
	for _, name := range t.columnNames(t.key) {
		columns = append(columns, source.ColumnOf(name))
	}
	grouped := source.Narrowed("SELECT count(*) AS n FROM q GROUP BY "+strings.Join(columns, ", ")+" HAVING count(*) > 1", t.Query.Text)
	count, err := i.countRows(ctx, source.Narrowed("SELECT count(*) AS n FROM q", grouped))
	if err == nil && count > 0 {
		i.note(KeyShared, t.path, fmt.Sprintf("%d keys (%s)", count, t.Key))
	}
	return err
}

func (i *inspector) countRows(ctx context.Context, query string) (count int, err error) {
	selection := source.Selection{Query: query, Columns: []string{"n"}}
	return count, i.source.Read(ctx, func(reader source.Reader) error {
		return reader.Select(ctx, selection, func(row source.Row) error {
			_, err := fmt.Sscan(row[0].Text, &count)
			return err
		})
	})
}

// UnmappedReferences are the kinds that fields of the kind refer to and the mapping does not have, by the path
// of the field.
func UnmappedReferences(plan *mapping.Mapping, kind *mapping.Kind) []Note {
	var notes []Note
	var walk func(path string, t *mapping.Table)
	walk = func(path string, t *mapping.Table) {
		for _, field := range t.Fields {
			if field.Ref != "" && plan.Kind(field.Ref) == nil {
				notes = append(notes, Note{Code: NotMapped, Path: path + "." + field.Name.Text, Given: field.Ref})
			}
		}
		for l := range t.Lists {
			walk(path+"."+t.Lists[l].Name.Text, &t.Lists[l].Table)
		}
	}
	walk(kind.Record.Name, &kind.Table)
	return notes
}

// NotMapped is the code of a reference to a kind that the mapping does not have.
const NotMapped = "not_mapped"
