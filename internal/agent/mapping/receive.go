package mapping

import (
	"path/filepath"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"

	"github.com/interpos/cabinet/internal/record"
)

// Receive is where the records of a kind go that come from the cabinet: to a
// command, or into a table of the source.
type Receive struct {
	Record  *record.Kind
	Command []string // program and arguments; none: Table
	Dir     string   // where the command runs: that of the mapping
	Table   *Target
}

// Target is a table that takes records, one row each.
type Target struct {
	Name       string
	Key        string // column of the record's id, with a unique index
	Deleted    string // column that is set for a deletion; empty: the row is deleted
	ModifiedAt string // column; empty: none
	Data       string // column of all fields as JSON; empty: none
	Columns    []TargetColumn
}

// TargetColumn is a column and the field that fills it.
type TargetColumn struct {
	Column string
	Field  string
}

// receiveSpec is where one kind goes, as it is written.
type receiveSpec struct {
	Command    words   `yaml:"command"`
	Table      Name    `yaml:"table"`
	Key        Name    `yaml:"key"`
	Deleted    Name    `yaml:"deleted"`
	ModifiedAt Name    `yaml:"modified_at"`
	Data       Name    `yaml:"data"`
	Fields     entries `yaml:"fields"`
}

// words are a list of texts.
type words []Name

// UnmarshalYAML takes a list of texts and nothing else.
func (w *words) UnmarshalYAML(node ast.Node) error {
	list, ok := node.(*ast.SequenceNode)
	if !ok {
		return unexpected(node, "a list, such as [program, argument],")
	}
	for _, item := range list.Values {
		var word Name
		if err := word.UnmarshalYAML(item); err != nil {
			return err
		}
		*w = append(*w, word)
	}
	if len(*w) == 0 {
		return syntaxError(node, "must not be empty")
	}
	return nil
}

func (c *compiler) compileReceives(list entries) []Receive {
	var receives []Receive
	for _, e := range list {
		known, ok := record.Find(e.name.Text)
		if !ok {
			c.addError(e.name, "there is no kind %q; the kinds are %s", e.name.Text, strings.Join(record.Names(), ", "))
			continue
		}
		var spec receiveSpec
		if err := withKnownNames(yaml.NodeToValue(e.node, &spec, yaml.Strict()), spec); err != nil {
			c.addDecodingError(err)
			continue
		}
		receives = append(receives, c.compileReceive(e.name, known, spec))
	}
	order := record.Names()
	slices.SortStableFunc(receives, func(a, b Receive) int {
		return slices.Index(order, a.Record.Name) - slices.Index(order, b.Record.Name)
	})
	return receives
}

func (c *compiler) compileReceive(at Name, known *record.Kind, spec receiveSpec) Receive {
	r := Receive{Record: known, Dir: filepath.Dir(c.file)}
	if (len(spec.Command) > 0) == spec.Table.Given() {
		c.addError(at, "%s needs a command or a table, and not both", at.Text)
		return r
	}
	if spec.Table.Given() {
		r.Table = c.compileTarget(at, known, spec)
		return r
	}
	for _, name := range []Name{spec.Key, spec.Deleted, spec.ModifiedAt, spec.Data} {
		if name.Given() {
			c.addError(name, "belongs to a table, not to a command")
		}
	}
	for _, e := range spec.Fields {
		c.addError(e.name, "belongs to a table, not to a command")
	}
	for _, word := range spec.Command {
		r.Command = append(r.Command, word.Text)
	}
	return r
}

func (c *compiler) compileTarget(at Name, known *record.Kind, spec receiveSpec) *Target {
	t := &Target{
		Name: spec.Table.Text, Key: spec.Key.Text, Deleted: spec.Deleted.Text,
		ModifiedAt: spec.ModifiedAt.Text, Data: spec.Data.Text,
	}
	if !spec.Key.Given() {
		c.addError(at, "key must name the column that takes the record's id; it needs a unique index")
	}
	if len(spec.Fields) == 0 && !spec.Data.Given() {
		c.addError(at, "fields, or data, must name the columns that the record goes into")
	}
	taken := map[string]bool{}
	for _, name := range []Name{spec.Key, spec.Deleted, spec.ModifiedAt, spec.Data} {
		c.addOnce(taken, name)
	}
	for _, e := range spec.Fields {
		var column Name
		if err := column.UnmarshalYAML(e.node); err != nil {
			c.addDecodingError(err)
			continue
		}
		if findField(known.Fields, e.name.Text) == nil {
			c.addError(e.name, "%s has no field %q; data takes all that a record holds", known.Name, e.name.Text)
		}
		c.addOnce(taken, column)
		t.Columns = append(t.Columns, TargetColumn{column.Text, e.name.Text})
	}
	return t
}

// addOnce fails for a column that stands there a second time.
func (c *compiler) addOnce(taken map[string]bool, column Name) {
	if !column.Given() {
		return
	}
	if taken[strings.ToLower(column.Text)] {
		c.addError(column, "the column %s is filled already", column.Text)
	}
	taken[strings.ToLower(column.Text)] = true
}
