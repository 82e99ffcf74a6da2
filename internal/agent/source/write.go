package source

import (
	"strings"
)

// Put is a row to be written: inserted, or the row with its key updated.
type Put struct {
	Key     string
	Columns []string // beside the key
	Values  []Value
	Delete  bool // the row with the key is deleted instead
	Update  bool // a row that is not there is not made
}

// Upsert is the statement that writes a row where ON CONFLICT is known, with its
// arguments in order.
func (d Dialect) Upsert(table, key string, p *Put) (text string, values []Value) {
	name, id := qualifiedName(table), Value{Text, p.Key}
	var sets, marks []string
	for i, column := range p.Columns {
		marks = append(marks, d.Placeholder(i+1))
		sets = append(sets, quoteName(column)+" = "+d.Placeholder(i+1))
	}
	last := d.Placeholder(len(p.Columns) + 1)
	switch {
	case p.Delete:
		return "DELETE FROM " + name + " WHERE " + quoteName(key) + " = " + d.Placeholder(1), []Value{id}
	case p.Update:
		return "UPDATE " + name + " SET " + strings.Join(sets, ", ") + " WHERE " + quoteName(key) + " = " + last, append(p.Values[:len(p.Values):len(p.Values)], id)
	}
	var columns, replaced []string
	for _, column := range p.Columns {
		columns = append(columns, quoteName(column))
		replaced = append(replaced, quoteName(column)+" = excluded."+quoteName(column))
	}
	text = "INSERT INTO " + name + " (" + strings.Join(append(columns, quoteName(key)), ", ") + ") VALUES (" +
		strings.Join(append(marks, last), ", ") + ") ON CONFLICT (" + quoteName(key) + ") DO UPDATE SET " + strings.Join(replaced, ", ")
	return text, append(p.Values[:len(p.Values):len(p.Values)], id)
}

// qualifiedName quotes a table's name, with that of its schema if it has one.
func qualifiedName(table string) string {
	parts := strings.Split(table, ".")
	for i := range parts {
		parts[i] = quoteName(parts[i])
	}
	return strings.Join(parts, ".")
}
