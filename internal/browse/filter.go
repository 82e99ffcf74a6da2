package browse

import (
	"fmt"
	"strings"

	"github.com/google/uuid"
)

// filter collects the conditions of a list and their arguments.
type filter struct {
	conditions []string
	args       []any
}

// newFilter makes the filter that every list has: one organization, one kind.
// The table stands as t in the statement.
func newFilter(organization uuid.UUID, kind string) *filter {
	f := &filter{}
	f.requireThat("t.organization_id = %s", organization)
	f.requireThat("t.kind = %s", kind)
	return f
}

// requireThat adds a condition; %s in it stands for the argument.
func (f *filter) requireThat(condition string, arg any) {
	f.conditions = append(f.conditions, fmt.Sprintf(condition, f.addArgument(arg)))
}

// requireID adds the condition that a column holds an id, where one is asked for.
func (f *filter) requireID(column string, id *uuid.UUID) {
	if id != nil {
		f.requireThat(column+" = %s", *id)
	}
}

// requireText adds the condition that a column holds a text, where one is asked for.
func (f *filter) requireText(column, text string) {
	if text != "" {
		f.requireThat(column+" = %s", text)
	}
}

// requireWords adds the condition that a row's searchable text matches all patterns.
func (f *filter) requireWords(patterns []string) {
	if len(patterns) > 0 {
		f.requireThat("t.search LIKE ALL(%s::text[])", patterns)
	}
}

// addArgument gives the place of an argument, for use in a statement.
func (f *filter) addArgument(arg any) string {
	f.args = append(f.args, arg)
	return fmt.Sprintf("$%d", len(f.args))
}

// whereClause is what a WHERE says.
func (f *filter) whereClause() string { return strings.Join(f.conditions, " AND ") }
