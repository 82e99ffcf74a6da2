package main

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/interpos/cabinet/internal/access"
	"github.com/interpos/cabinet/internal/check"
	"github.com/interpos/cabinet/internal/currency"
	"github.com/interpos/cabinet/internal/zonetime"
)

// width is the longest line that the formatter of the frontend leaves alone.
const width = 100

// accessTypeScript is the table of sections and roles.
func accessTypeScript() []byte {
	var sections, modules []string
	for _, rule := range access.Sections {
		sections = append(sections, string(rule.Section))
		if rule.Module != "" {
			modules = append(modules, fmt.Sprintf("%s: '%s'", rule.Section, rule.Module))
		}
	}
	var b bytes.Buffer
	b.WriteString("// Made by `make generate` from internal/access, where sections and roles are declared: change them there.\n")
	writeUnion(&b, "sections", "Section", "The sections of an organization, in the order in which roles show them.", sections)
	writeUnion(&b, "actions", "Action", "What one may do in a section; edit includes view.", words(access.ActionView, access.ActionEdit))
	b.WriteString("\n/** A permission as the server names it. */\nexport type Permission = `${Section}:${Action}`\n")
	writeUnion(&b, "builtinRoles", "BuiltinRole", "The roles that every organization has, from the mightiest down.", access.BuiltinRoles)
	writeUnion(&b, "modules", "Module", "What an organization needs a license for.", words(access.Modules...))
	fmt.Fprintf(&b, "\n/** The module that must be licensed for a section to open. */\nexport const moduleOf: Partial<Record<Section, Module>> = { %s }\n",
		strings.Join(modules, ", "))
	return b.Bytes()
}

func words[W ~string](values ...W) []string {
	texts := make([]string, len(values))
	for i, value := range values {
		texts[i] = string(value)
	}
	return texts
}

// writeUnion writes a list, and the type of its members.
func writeUnion(b *bytes.Buffer, list, name, about string, values []string) {
	quoted := make([]string, len(values))
	for i, value := range values {
		quoted[i] = "'" + value + "'"
	}
	line := fmt.Sprintf("export const %s = [%s] as const", list, strings.Join(quoted, ", "))
	if len(line) > width {
		line = fmt.Sprintf("export const %s = [\n  %s,\n] as const", list, strings.Join(quoted, ",\n  "))
	}
	fmt.Fprintf(b, "\n/** %s */\n%s\nexport type %s = (typeof %s)[number]\n", about, line, name, list)
}

// currenciesJSON are the codes of the currencies that one can choose.
func currenciesJSON() []byte {
	var lines []string
	for _, digits := range currency.Current() {
		lines = append(lines, fmt.Sprintf("  %q", digits.Code))
	}
	return []byte("[\n" + strings.Join(lines, ",\n") + "\n]\n")
}

// minorDigitsJSON are the fraction digits of currencies that have not two. Every page brings
// them, so the others are left out.
func minorDigitsJSON() []byte {
	var lines []string
	for _, digits := range currency.Current() {
		if digits.Minor != 2 {
			lines = append(lines, fmt.Sprintf("  %q: %d", digits.Code, digits.Minor))
		}
	}
	return []byte("{\n" + strings.Join(lines, ",\n") + "\n}\n")
}

//go:embed cities.txt
var cities string

// timeZonesJSON are the names of time zones that the server takes, each with its city in
// Russian and in English, where it has one.
func timeZonesJSON() []byte {
	cityOf := map[string]string{}
	for line := range strings.Lines(cities) {
		if zone, city, found := strings.Cut(strings.TrimSpace(line), "\t"); found {
			cityOf[zone] = `"` + strings.ReplaceAll(city, "\t", `", "`) + `"`
		}
	}
	var lines []string
	for _, name := range zonetime.Names() {
		lines = append(lines, fmt.Sprintf("  %q: [%s]", name, cityOf[name]))
	}
	return []byte("{\n" + strings.Join(lines, ",\n") + "\n}\n")
}

// limitsJSON is the table of limits, a field a line.
func limitsJSON() []byte {
	var lines []string
	for _, field := range slices.Sorted(maps.Keys(check.Limits)) {
		limit, err := json.Marshal(check.Limits[field])
		if err != nil {
			panic(err) // numbers and words
		}
		lines = append(lines, fmt.Sprintf("  %q: %s", field, spaced.Replace(string(limit))))
	}
	return []byte("{\n" + strings.Join(lines, ",\n") + "\n}\n")
}

// spaced puts the blanks that the formatter wants.
var spaced = strings.NewReplacer("{", "{ ", "}", " }", ":", ": ", ",", ", ")
