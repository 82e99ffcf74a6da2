// Package mapping reads the file that says how an outlet's local database
// becomes records: for each kind an SQL query, its key, and the field that
// each column fills. docs/agent.md describes it for technicians.
package mapping

import (
	"fmt"
	"os"
	"regexp"
	"slices"
	"time"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
	"golang.org/x/text/encoding"

	"github.com/interpos/cabinet/internal/agent/source"
	"github.com/interpos/cabinet/internal/record"
	"github.com/interpos/cabinet/internal/textfile"
)

// Mapping is a whole file, found to be in order.
type Mapping struct {
	Driver   string
	DSN      string
	Encoding encoding.Encoding // of texts; nil: UTF-8
	Kinds    []Kind            // in the order in which they are best sent
	Receive  []Receive         // kinds that are taken from the cabinet, in the same order
}

// Kind is how one kind of records is read.
type Kind struct {
	Table
	Record      *record.Kind
	ModifiedAt  Name              // change mark, a time; empty: none
	Deleted     Name              // true where the row stands for a deletion; empty: none
	Detect      bool              // rows that vanish are deletions
	SharedIDs   bool              // the same key in another source of the organization is the same record
	Zone        *time.Location    // of times that name none; nil: the organization's
	Encoding    encoding.Encoding // of texts; nil: UTF-8
	Overlap     time.Duration     // how far behind the last change mark to read again
	FullScan    time.Duration     // how often to read everything, in spite of a change mark
	Fingerprint string            // differs when the mapping of the kind differs
}

// Table is a query and what its columns become.
type Table struct {
	Query  Name
	Key    Names // columns that identify a row together; none in a list whose items have no id
	IsUUID bool  // the key is the record's id already
	Fields []Field
	Lists  []List
}

// List is a list in a record, filled by a query of its own.
type List struct {
	Table
	Name     Name
	Parent   Names // columns that hold the key of the row above
	Order    Name  // column that orders the items; empty: the key
	Column   Name  // of a list of texts: the column that holds them
	Required bool  // written even when it is empty
	HasID    bool  // its items have an id, made of their key
}

// Field is a field of a record and where its value comes from.
type Field struct {
	Name      Name
	Shape     record.Shape
	Known     bool         // the kind names this field; others are kept as they are
	Column    Names        // none: Constant; several: the key of another record
	Constant  source.Value // used where there is no column
	Ref       string       // kind that the value is a key of; empty: none
	RefShared bool         // that kind's SharedIDs
	Unix      time.Duration
}

// Load reads the mapping file at path. A file that is the source is
// looked for next to it. The error lists what is wrong with file, line and column.
func Load(path string) (*Mapping, error) {
	text, err := textfile.Read(path)
	if err != nil {
		return nil, fmt.Errorf("read the mapping: %w", err)
	}
	return parseText(path, text)
}

// Parse is Load of a file's content that is read already.
func Parse(path string, content []byte) (*Mapping, error) {
	text, err := textfile.Decode(content)
	if err != nil {
		return nil, Errors{{File: path, Line: 1, Column: 1, Message: err.Error()}}
	}
	return parseText(path, text)
}

func parseText(path, text string) (*Mapping, error) {
	file, err := parser.ParseBytes([]byte(text), 0)
	if err != nil {
		return nil, locateError(path, err)
	}
	if len(file.Docs) == 0 || file.Docs[0].Body == nil {
		return nil, Errors{{File: path, Line: 1, Column: 1, Message: "the mapping is empty"}}
	}
	return Decode(path, file.Docs[0].Body)
}

// Decode is Load of a mapping that stands inside another YAML file, at path.
func Decode(path string, node ast.Node) (*Mapping, error) {
	spec, err := decodeFile(node)
	if err != nil {
		return nil, locateError(path, err)
	}
	c := compiler{file: path, zone: spec.timeZone(), encoding: spec.Source.Encoding.Text}
	mapping := c.compileMapping(spec, node)
	if len(c.errors) > 0 {
		return nil, c.errors
	}
	return mapping, nil
}

var variable = regexp.MustCompile(`\$\{[A-Za-z_][A-Za-z0-9_]*\}`)

// expandVariables puts environment variables in, so that a password can stay out of the
// file.
func expandVariables(dsn string) string {
	return variable.ReplaceAllStringFunc(dsn, func(name string) string {
		return os.Getenv(name[2 : len(name)-1])
	})
}

// Kind is the mapping of one kind, or nil.
func (m *Mapping) Kind(name string) *Kind {
	for i := range m.Kinds {
		if m.Kinds[i].Record.Name == name {
			return &m.Kinds[i]
		}
	}
	return nil
}

// Receives says whether a kind also comes from the cabinet.
func (m *Mapping) Receives(kind string) bool {
	return slices.ContainsFunc(m.Receive, func(r Receive) bool { return r.Record.Name == kind })
}
