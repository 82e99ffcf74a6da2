// Package textfile reads what people edit: configurations, mappings, files with a key. Editors put marks before a text,
// and people copy a key with what stands around it.
package textfile

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"unicode"
	"unicode/utf8"

	encoding "golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// Read is the text of the file at path, as Decode gives it.
func Read(path string) (string, error) {
	content, err := os.ReadFile(path)
	if err != nil {
		return "", err
	}
	text, err := Decode(content)
	if err != nil {
		return "", fmt.Errorf("%s: %w", path, err)
	}
	return text, nil
}

// Decode is the text of a file's content, without the byte order mark that some editors put before it: UTF-8, or
// UTF-16 with its mark, as Windows PowerShell writes it. Error: it is neither.
func Decode(content []byte) (string, error) {
	text, _, err := transform.Bytes(encoding.BOMOverride(transform.Nop), content)
	if err != nil || !utf8.Valid(text) {
		return "", errors.New("the file is no UTF-8 text (perhaps Windows-1251, called ANSI): save it as UTF-8")
	}
	return string(text), nil
}

// Trim is a key, a name or an address without what is copied along with it: byte order mark, spaces, ends of lines.
func Trim(text string) string {
	return strings.TrimFunc(text, func(r rune) bool { return unicode.IsSpace(r) || unicode.Is(unicode.Cf, r) })
}
