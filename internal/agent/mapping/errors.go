package mapping

import (
	"errors"
	"fmt"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/token"
)

// Error is one thing wrong with a mapping, and where.
type Error struct {
	File         string
	Line, Column int
	Message      string
}

func (e Error) Error() string {
	return fmt.Sprintf("%s:%d:%d: %s", filepath.Base(e.File), e.Line, e.Column, e.Message)
}

// Errors are all that were found.
type Errors []Error

func (e Errors) Error() string {
	lines := make([]string, len(e))
	for i := range e {
		lines[i] = e[i].Error()
	}
	return strings.Join(lines, "\n")
}

// locateError puts an error of the YAML decoder into our form.
func locateError(file string, err error) error {
	var known yaml.Error
	if !errors.As(err, &known) || known.GetToken() == nil {
		return fmt.Errorf("%s: %w", filepath.Base(file), err)
	}
	return Errors{errorAt(file, known.GetToken().Position, explain(known.GetMessage()))}
}

// explanations say what to write where the YAML decoder only says what it cannot read.
var explanations = []struct{ sort, advice string }{
	{"cannot start any token", "YAML is indented by blanks, not by tabs"},
	{"duplicate key", "each name stands there once"},
	{"not allowed in this context", asBlock},
	{"could not find alias", asBlock},
	{"invalid header option", asBlock},
	{"unterminated", asBlock},
	{"could not find end character", asBlock},
}

// asBlock is how SQL is kept from being read as YAML.
const asBlock = "if this is SQL, YAML takes a part of it for its own: write `query: |`, and the SQL on the lines below, indented"

// mismatch is what the decoder says of a value of the wrong sort.
var mismatch = regexp.MustCompile(`^(\w+) was used where (\w+) is expected$`)

func explain(message string) string {
	if sorts := mismatch.FindStringSubmatch(message); sorts != nil {
		return fmt.Sprintf("a %s stands here, and names with values are expected, such as `query: SELECT …`", sorts[1])
	}
	for _, e := range explanations {
		if strings.Contains(message, e.sort) {
			return message + ": " + e.advice
		}
	}
	return message
}

// withKnownNames adds to an error about an unknown name those that a part of the file may have: the fields of spec.
func withKnownNames(err error, spec any) error {
	var unknown *yaml.UnknownFieldError
	if !errors.As(err, &unknown) {
		return err
	}
	var names []string
	for field := range reflect.TypeOf(spec).Fields() {
		names = append(names, field.Tag.Get("yaml"))
	}
	message := unknown.Message + ": known here are " + strings.Join(names, ", ")
	if _, name, _ := strings.Cut(unknown.Message, `"`); strings.Contains(name, " ") {
		message += "; in { } a comma ends a value, so put a query in quotes"
	}
	return &yaml.SyntaxError{Message: message, Token: unknown.Token}
}

func errorAt(file string, at *token.Position, message string) Error {
	if at == nil {
		return Error{File: file, Line: 1, Column: 1, Message: message}
	}
	return Error{File: file, Line: at.Line, Column: at.Column, Message: message}
}

// At is an error at the place where a name stands in the file.
func (n Name) At(file, message string) Error { return errorAt(file, n.at, message) }
