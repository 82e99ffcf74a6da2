package mapping

import (
	"fmt"
	"strings"
	"time"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/token"

	"github.com/interpos/cabinet/internal/agent/source"
)

// fileSpec is the file as it is written.
type fileSpec struct {
	Source   sourceSpec `yaml:"source"`
	TimeZone Name       `yaml:"time_zone"`
	Kinds    entries    `yaml:"kinds"`
	Receive  entries    `yaml:"receive"`
}

// sourceSpec is the database.
type sourceSpec struct {
	Driver   Name `yaml:"driver"`
	DSN      Name `yaml:"dsn"`
	Encoding Name `yaml:"encoding"`
}

// UnmarshalYAML names what a source may have where something else stands there.
func (s *sourceSpec) UnmarshalYAML(node ast.Node) error {
	type plain sourceSpec
	return withKnownNames(yaml.NodeToValue(node, (*plain)(s), yaml.Strict()), *s)
}

// tableSpec is the mapping of a kind, or of a list in one.
type tableSpec struct {
	Query      Name    `yaml:"query"`
	Key        Names   `yaml:"key"`
	ID         Name    `yaml:"id"`
	Fields     entries `yaml:"fields"`
	Lists      entries `yaml:"lists"`
	ModifiedAt Name    `yaml:"modified_at"`
	Deleted    Name    `yaml:"deleted"`
	Deletes    Name    `yaml:"deletes"`
	Shared     flag    `yaml:"shared"`
	TimeZone   Name    `yaml:"time_zone"`
	Overlap    Name    `yaml:"overlap"`
	FullScan   Name    `yaml:"full_scan"`
	Parent     Names   `yaml:"parent"`
	Order      Name    `yaml:"order"`
	Column     Name    `yaml:"column"`
}

// fieldSpec is the long form of a field; the short one is a column's name.
type fieldSpec struct {
	Column Names `yaml:"column"`
	Value  value `yaml:"value"`
	Ref    Name  `yaml:"ref"`
	Time   Name  `yaml:"time"`
}

// Name is a text of the file that knows its place in it.
type Name struct {
	Text string
	at   *token.Position
}

// Given says whether the file has it.
func (n Name) Given() bool { return n.Text != "" }

// UnmarshalYAML takes plain, quoted and block texts.
func (n *Name) UnmarshalYAML(node ast.Node) error {
	n.at = node.GetToken().Position
	switch text := node.(type) {
	case *ast.StringNode:
		n.Text = text.Value
	case *ast.LiteralNode:
		n.Text, n.at = text.Value.Value, text.Value.GetToken().Position
	default:
		return unexpected(node, "a text")
	}
	if strings.TrimSpace(n.Text) == "" {
		return syntaxError(node, "must not be empty")
	}
	return nil
}

// flag is true or false, and knows its place in the file.
type flag struct {
	on bool
	Name
}

// UnmarshalYAML takes true and false.
func (f *flag) UnmarshalYAML(node ast.Node) error {
	is, ok := node.(*ast.BoolNode)
	if !ok {
		return unexpected(node, "true or false")
	}
	f.on, f.Name = is.Value, Name{node.GetToken().Value, node.GetToken().Position}
	return nil
}

// Names are one or more columns that make a key together: a text, or a list of texts.
type Names []Name

// Given says whether the file has them.
func (n Names) Given() bool { return len(n) > 0 }

// Texts are the names as they are written.
func (n Names) Texts() []string {
	texts := make([]string, len(n))
	for i := range n {
		texts[i] = n[i].Text
	}
	return texts
}

// String is for people: the names with commas between them.
func (n Names) String() string { return strings.Join(n.Texts(), ", ") }

// UnmarshalYAML takes a text or a list of texts.
func (n *Names) UnmarshalYAML(node ast.Node) error {
	list, ok := node.(*ast.SequenceNode)
	if !ok {
		var name Name
		err := name.UnmarshalYAML(node)
		*n = Names{name}
		return err
	}
	texts := words{}
	err := texts.UnmarshalYAML(list)
	*n = Names(texts)
	return err
}

// value is a constant, with numbers as they are written.
type value struct {
	source.Value
	given bool
}

// UnmarshalYAML takes texts, numbers and booleans.
func (v *value) UnmarshalYAML(node ast.Node) error {
	v.given = true
	switch scalar := node.(type) {
	case *ast.StringNode:
		v.Value = source.Value{Type: source.Text, Text: scalar.Value}
	case *ast.LiteralNode:
		v.Value = source.Value{Type: source.Text, Text: scalar.Value.Value}
	case *ast.IntegerNode, *ast.FloatNode:
		v.Value = source.Value{Type: source.Number, Text: node.GetToken().Value}
	case *ast.BoolNode:
		v.Value = source.Value{Type: source.Bool, Text: fmt.Sprint(scalar.Value)}
	default:
		return unexpected(node, "a text, number or boolean")
	}
	return nil
}

// entries are the members of a mapping node, in the order of the file.
type entries []entry

type entry struct {
	name Name
	node ast.Node
}

// UnmarshalYAML takes any mapping; what its values are is seen later.
func (e *entries) UnmarshalYAML(node ast.Node) error {
	pairs, ok := node.(*ast.MappingNode)
	if !ok {
		return unexpected(node, "a set of names with values, such as `name: title`,")
	}
	for _, pair := range pairs.Values {
		key := pair.Key.GetToken()
		*e = append(*e, entry{Name{key.Value, key.Position}, pair.Value})
	}
	return nil
}

func decodeFile(node ast.Node) (spec fileSpec, err error) {
	err = yaml.NodeToValue(node, &spec, yaml.Strict())
	return spec, withKnownNames(err, spec)
}

func decodeTable(node ast.Node) (spec tableSpec, err error) {
	err = yaml.NodeToValue(node, &spec, yaml.Strict())
	return spec, withKnownNames(err, spec)
}

func decodeField(node ast.Node) (fieldSpec, error) {
	var spec fieldSpec
	if _, long := node.(*ast.MappingNode); !long {
		err := spec.Column.UnmarshalYAML(node)
		return spec, err
	}
	err := yaml.NodeToValue(node, &spec, yaml.Strict())
	return spec, withKnownNames(err, spec)
}

func (s fileSpec) timeZone() string { return s.TimeZone.Text }

// unexpected says what stands at a node, and what should.
func unexpected(node ast.Node, expected string) error {
	found := "a value"
	advice := ""
	switch node.(type) {
	case *ast.SequenceNode:
		found = "a list"
	case *ast.MappingNode, *ast.MappingValueNode:
		found = "a set of names with values"
	case *ast.IntegerNode, *ast.FloatNode:
		found, advice = "the number "+node.GetToken().Value, fmt.Sprintf(": write \"%s\" in quotes; a duration needs its unit, such as 24h", node.GetToken().Value)
	case *ast.BoolNode:
		found, advice = node.GetToken().Value, fmt.Sprintf(": write \"%s\" in quotes", node.GetToken().Value)
	case *ast.NullNode:
		found = "nothing"
	case *ast.StringNode, *ast.LiteralNode:
		found = "a text"
	}
	if expected != "a text" {
		advice = ""
	}
	return syntaxError(node, fmt.Sprintf("%s stands here, and %s is expected%s", found, expected, advice))
}

func syntaxError(node ast.Node, message string) error {
	return &yaml.SyntaxError{Message: message, Token: node.GetToken()}
}

// parseDuration reads such as 90m or 24h; fallback where the file says nothing.
func (c *compiler) parseDuration(name Name, fallback time.Duration) time.Duration {
	if !name.Given() {
		return fallback
	}
	d, err := time.ParseDuration(name.Text)
	if err != nil || d < 0 {
		c.addError(name, "must be a duration, such as 90m or 24h")
	}
	return d
}
