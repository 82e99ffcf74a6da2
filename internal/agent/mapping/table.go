package mapping

import (
	"slices"
	"time"

	"github.com/interpos/cabinet/internal/record"
)

// compileTable compiles what kinds and lists have in common. path names the place for
// people: receipt, receipt.lines.
func (c *compiler) compileTable(at Name, path string, schema []record.Field, spec tableSpec) Table {
	table := Table{Query: spec.Query, Key: spec.Key}
	if !spec.Query.Given() {
		c.addError(at, "%s needs a query", path)
	}
	if spec.ID.Given() {
		if spec.Key.Given() {
			c.addError(spec.ID, "give key or id, not both: id is a key that is a UUID already")
		}
		table.Key, table.IsUUID = Names{spec.ID}, true
	}
	for _, e := range spec.Fields {
		if field, ok := c.compileField(e, schema); ok {
			table.Fields = append(table.Fields, field)
		}
	}
	for _, e := range spec.Lists {
		if list, ok := c.compileList(e, path, schema); ok {
			table.Lists = append(table.Lists, list)
		}
	}
	c.checkRequired(at, path, schema, table)
	return table
}

// checkRequired misses the required fields that nothing fills: without them every
// record would be rejected.
func (c *compiler) checkRequired(at Name, path string, schema []record.Field, table Table) {
	for _, field := range schema {
		isField := slices.ContainsFunc(table.Fields, func(f Field) bool { return f.Name.Text == field.Name })
		isList := slices.ContainsFunc(table.Lists, func(l List) bool { return l.Name.Text == field.Name })
		isKey := field.Name == "id" && table.Key.Given()
		if field.Required && !isField && !isList && !isKey {
			c.addError(at, "%s: the required field %s is not mapped", path, field.Name)
		}
	}
}

func (c *compiler) compileField(e entry, schema []record.Field) (Field, bool) {
	spec, err := decodeField(e.node)
	if err != nil {
		c.addDecodingError(err)
		return Field{}, false
	}
	known := findField(schema, e.name.Text)
	field := Field{Name: e.name, Column: spec.Column, Constant: spec.Value.Value, Ref: spec.Ref.Text}
	if spec.Column.Given() == spec.Value.given {
		c.addError(e.name, "%s needs a column or a value, and not both", e.name.Text)
	}
	if known != nil {
		field.Known, field.Shape = true, known.Type.Shape()
	}
	if field.Shape == record.ListShape || field.Shape == record.TextsShape {
		c.addError(e.name, "%s is a list: put it under lists, with a query of its own", e.name.Text)
	}
	c.setReference(&field, spec, known)
	if len(field.Column) > 1 && field.Ref == "" {
		c.addError(e.name, "%s takes one column: only the key of another record is made of several", e.name.Text)
	}
	c.setEpochUnit(&field, spec)
	return field, true
}

// setReference finds the kind that an id points to, unless the file names it.
func (c *compiler) setReference(field *Field, spec fieldSpec, known *record.Field) {
	if spec.Ref.Given() {
		if _, ok := record.Find(spec.Ref.Text); !ok {
			c.addError(spec.Ref, "there is no kind %q", spec.Ref.Text)
		}
	} else if known != nil {
		field.Ref = known.Kind
	}
	field.RefShared = c.shared[field.Ref]
	if c.uuids[field.Ref] {
		field.Ref = ""
		field.Shape = record.IDShape
	}
}

func (c *compiler) setEpochUnit(field *Field, spec fieldSpec) {
	switch spec.Time.Text {
	case "":
	case "unix":
		field.Unix = time.Second
	case "unix_ms":
		field.Unix = time.Millisecond
	default:
		c.addError(spec.Time, "time must be unix (seconds) or unix_ms (milliseconds)")
	}
}

func (c *compiler) compileList(e entry, path string, schema []record.Field) (List, bool) {
	spec, err := decodeTable(e.node)
	if err != nil {
		c.addDecodingError(err)
		return List{}, false
	}
	for _, name := range []Name{spec.ModifiedAt, spec.Deleted, spec.Deletes, spec.Shared.Name, spec.TimeZone, spec.Overlap, spec.FullScan} {
		if name.Given() {
			c.addError(name, "belongs in a kind, not in a list")
		}
	}
	if !spec.Parent.Given() {
		c.addError(e.name, "parent must name the column that holds the key of the row above")
	}
	known := findField(schema, e.name.Text)
	list := List{Name: e.name, Parent: spec.Parent, Order: spec.Order, Column: spec.Column}
	var items []record.Field
	if known != nil {
		items, list.Required = known.Fields, known.Required || known.Wanted
		c.listShape(e.name, known, spec)
	}
	list.Table = c.compileTable(e.name, path+"."+e.name.Text, items, spec)
	list.HasID = list.Key.Given() && (known == nil || findField(items, "id") != nil)
	if len(list.Lists) > 0 && !list.Key.Given() {
		c.addError(e.name, "key must name the column that the lists inside refer to as parent")
	}
	return list, true
}

func (c *compiler) listShape(at Name, known *record.Field, spec tableSpec) {
	switch shape := known.Type.Shape(); {
	case shape == record.TextsShape && !spec.Column.Given():
		c.addError(at, "column must name the column that holds the texts")
	case shape == record.ListShape && spec.Column.Given():
		c.addError(spec.Column, "%s is a list of objects: use fields", at.Text)
	case shape != record.TextsShape && shape != record.ListShape:
		c.addError(at, "%s is no list: put it under fields", at.Text)
	}
}

func findField(schema []record.Field, name string) *record.Field {
	for i := range schema {
		if schema[i].Name == name {
			return &schema[i]
		}
	}
	return nil
}
