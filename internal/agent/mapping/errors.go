package mapping

import (
	"errors"
	"fmt"
	"path/filepath"
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
	return Errors{errorAt(file, known.GetToken().Position, known.GetMessage())}
}

func errorAt(file string, at *token.Position, message string) Error {
	if at == nil {
		return Error{File: file, Line: 1, Column: 1, Message: message}
	}
	return Error{File: file, Line: at.Line, Column: at.Column, Message: message}
}

// At is an error at the place where a name stands in the file.
func (n Name) At(file, message string) Error { return errorAt(file, n.at, message) }
