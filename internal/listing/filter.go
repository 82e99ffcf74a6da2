// Package listing is what all lists of synchronized records have in common:
// filters, keyset paging, and the names that stand for ids.
package listing

import (
	"fmt"
	"strings"

	"github.com/google/uuid"
)

// Limits of a list.
const (
	MaxLimit = 200
	// MaxExport is how many rows an exported list has at most.
	MaxExport = 100_000
)

// Filter collects the conditions of a list and their arguments.
type Filter struct {
	conditions []string
	args       []any
}

// NewFilter makes the filter that every list has: one organization, one kind.
// The table stands as t in the statement.
func NewFilter(organization uuid.UUID, kind string) *Filter {
	f := &Filter{}
	f.Where("t.organization_id = %s", organization)
	f.Where("t.kind = %s", kind)
	return f
}

// Where adds a condition; %s in it stands for the argument.
func (f *Filter) Where(condition string, arg any) {
	f.conditions = append(f.conditions, fmt.Sprintf(condition, f.Arg(arg)))
}

// Equal adds the condition that a column holds an id, where one is asked for.
func (f *Filter) Equal(column string, id *uuid.UUID) {
	if id != nil {
		f.Where(column+" = %s", *id)
	}
}

// Search adds the condition that a row's searchable text matches all patterns.
func (f *Filter) Search(patterns []string) {
	if len(patterns) > 0 {
		f.Where("t.search LIKE ALL(%s::text[])", patterns)
	}
}

// Arg gives the place of an argument, for use in a statement.
func (f *Filter) Arg(arg any) string {
	f.args = append(f.args, arg)
	return fmt.Sprintf("$%d", len(f.args))
}

// SQL is the condition; Args are its arguments.
func (f *Filter) SQL() string { return strings.Join(f.conditions, " AND ") }

// Args are the arguments of the conditions, in the order of their places.
func (f *Filter) Args() []any { return f.args }
