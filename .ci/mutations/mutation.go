package main

import (
	"fmt"
	"go/format"
	"path/filepath"
	"regexp"
	"strings"
)

// mutation is one way to break the product, and the tests some of which must then fail.
type mutation struct {
	name    string
	changes []change
	tests   tests
}

// tests are those of a package whose whole names match.
type tests struct {
	folder, names string
}

// change is one of a mutation, in the source of a symbol.
type change struct {
	in   place
	edit func(source string) (string, error)
}

// replaceIn puts a text in the place of another one, which must stand there once. White space
// is alike: a line may have been wrapped since.
func replaceIn(in place, old, replacement string) change {
	return change{in, func(source string) (string, error) {
		at := regexp.MustCompile(wordPattern(old)).FindAllStringIndex(source, -1)
		if len(at) != 1 {
			return "", fmt.Errorf("%d times instead of once: %s", len(at), old)
		}
		return source[:at[0][0]] + replacement + source[at[0][1]:], nil
	}}
}

func wordPattern(text string) string {
	words := strings.Fields(text)
	for i, word := range words {
		words[i] = regexp.QuoteMeta(word)
	}
	return strings.Join(words, `\s+`)
}

// removeFrom takes a text away.
func removeFrom(in place, old string) change { return replaceIn(in, old, "") }

// replaceWhole puts a text in the place of the whole.
func replaceWhole(in place, replacement string) change {
	return change{in, func(string) (string, error) { return replacement, nil }}
}

// removeWhole takes the whole away.
func removeWhole(in place) change { return replaceWhole(in, "") }

// beginWith lets a function begin with more statements.
func beginWith(in place, statements string) change {
	return change{in, func(source string) (string, error) {
		body := strings.Index(source, "{\n")
		if body < 0 {
			return "", fmt.Errorf("no body")
		}
		return source[:body+2] + statements + "\n" + source[body+2:], nil
	}}
}

// declareBefore puts a declaration before that of the symbol.
func declareBefore(in place, declaration string) change {
	return change{in, func(source string) (string, error) { return declaration + "\n\n" + source, nil }}
}

// brokenFiles gives the files that the mutation changes, by their paths from the root.
func (m mutation) brokenFiles(root string) (map[string]string, error) {
	t := tree{root, map[string]string{}}
	for _, c := range m.changes {
		if err := c.applyTo(t); err != nil {
			return nil, fmt.Errorf("%s: %w", c.in, err)
		}
	}
	for path, text := range t.changed {
		if filepath.Ext(path) != ".go" {
			continue
		}
		if _, err := format.Source([]byte(text)); err != nil {
			return nil, fmt.Errorf("%s is no Go any more: %w", path, err)
		}
	}
	return t.changed, nil
}

// applyTo makes one change more in a tree.
func (c change) applyTo(t tree) error {
	found, err := c.in.find(t)
	if err != nil {
		return err
	}
	text, err := t.readFile(found.path)
	if err != nil {
		return err
	}
	changed, err := c.edit(text[found.from:found.to])
	if err != nil {
		return err
	}
	t.changed[found.path] = text[:found.from] + changed + text[found.to:]
	return nil
}
