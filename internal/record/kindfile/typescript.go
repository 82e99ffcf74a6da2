// Package kindfile writes the kinds of records for those who do not read Go: the web
// application, and readers of the protocol.
package kindfile

import (
	"fmt"
	"slices"
	"strings"

	"github.com/interpos/cabinet/internal/record"
)

const typeScriptHead = `// Made by %s from internal/record, where kinds are declared: change them there.

/** What a field holds. */
export type FieldType =
%s
/** Where a list shows a field: on a phone as the entry's title, the value at its right, below with its name (line) or without (plain), nowhere. */
export type ListRole = 'title' | 'value' | 'line' | 'plain' | 'hidden'

/** A field of a kind of records. */
export type Field = {
  name: string
  type: FieldType
  /** The kind that a reference points to. */
  kind?: Kind
  /** The words that are known; a newer local system may send others. */
  choices?: readonly string[]
  required?: boolean
  /** A record should have it, but is taken without. */
  wanted?: boolean
  /** The fields of a list's items. */
  fields?: readonly Field[]
  /** The field is a column of the kind's list. */
  list?: ListRole
  /** Lists can be ordered by it: ?sort=name. */
  sort?: boolean
  /** Lists can be filtered by it: ?name=value. */
  filter?: boolean
  /** Its words are searched for. */
  search?: boolean
}

/** A kind of directory records. */
export type DirectoryKind =
%s
/** A kind of dated records. */
export type DocumentKind =
%s
/** A kind of records that this cabinet knows. */
export type Kind = DirectoryKind | DocumentKind

/** What is known of a kind. */
export type KindSpec = {
  /** Its records are dated; else it is a directory. */
  document: boolean
  /** The licensed module that it needs. */
  module?: string
  /** In the order of cards, and of the columns of lists. */
  fields: readonly Field[]
}

/** All kinds: directories, then documents, those first that people look for most. */
export const kinds: Record<Kind, KindSpec> = {
`

// TypeScript is the model of kinds that the web application is built with.
func TypeScript(kinds []*record.Kind) []byte {
	var directories, documents []string
	for _, kind := range kinds {
		if kind.Document {
			documents = append(documents, kind.Name)
		} else {
			directories = append(directories, kind.Name)
		}
	}
	var out strings.Builder
	fmt.Fprintf(&out, typeScriptHead, "`make generate`", unionType(record.TypeNames()), unionType(directories), unionType(documents))
	for _, kind := range kinds {
		fmt.Fprintf(&out, "  %s: {\n    document: %t,\n", kind.Name, kind.Document)
		if kind.Module != "" {
			fmt.Fprintf(&out, "    module: '%s',\n", kind.Module)
		}
		out.WriteString("    fields: [\n")
		writeFields(&out, kind.Fields, "      ")
		out.WriteString("    ],\n  },\n")
	}
	out.WriteString("}\n")
	return []byte(out.String())
}

func unionType(words []string) string {
	var out strings.Builder
	for _, word := range words {
		fmt.Fprintf(&out, "  | '%s'\n", word)
	}
	return out.String()
}

func writeFields(out *strings.Builder, fields []record.Field, indent string) {
	for _, field := range fields {
		fmt.Fprintf(out, "%s{ %s", indent, strings.Join(fieldProperties(field), ", "))
		if field.Type == record.List {
			out.WriteString(", fields: [\n")
			writeFields(out, field.Fields, indent+"  ")
			out.WriteString(indent + "]")
		}
		out.WriteString(" },\n")
	}
}

// fieldProperties are those of a field but for the fields of a list.
func fieldProperties(field record.Field) []string {
	list := []string{stringProperty("name", field.Name), stringProperty("type", field.Type.String())}
	if field.Kind != "" {
		list = append(list, stringProperty("kind", field.Kind))
	}
	if len(field.Choices) > 0 {
		list = append(list, "choices: ['"+strings.Join(field.Choices, "', '")+"']")
	}
	list = append(list, flagProperty("required", field.Required), flagProperty("wanted", field.Wanted))
	if field.Role != "" {
		list = append(list, stringProperty("list", string(field.Role)))
	}
	list = append(list, flagProperty("sort", field.Sort), flagProperty("filter", field.Filter), flagProperty("search", field.Search))
	return slices.DeleteFunc(list, func(text string) bool { return text == "" })
}

func stringProperty(name, value string) string { return name + ": '" + value + "'" }

func flagProperty(name string, is bool) string {
	if is {
		return name + ": true"
	}
	return ""
}
