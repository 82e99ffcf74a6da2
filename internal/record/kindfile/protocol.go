package kindfile

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"github.com/interpos/cabinet/internal/record"
)

// The marks between which the protocol's tables of kinds stand.
const (
	tablesBegin = "<!-- kinds: made by `make generate` from internal/record -->\n"
	tablesEnd   = "<!-- /kinds -->\n"
)

// InProtocol puts the tables of the kinds into the text of docs/protocol.md, in
// place of those that stand between its marks.
func InProtocol(text []byte, kinds []*record.Kind) ([]byte, error) {
	before, rest, begins := bytes.Cut(text, []byte(tablesBegin))
	_, after, ends := bytes.Cut(rest, []byte(tablesEnd))
	if !begins || !ends {
		return nil, fmt.Errorf("the protocol has no marks %q … %q", tablesBegin, tablesEnd)
	}
	return slices.Concat(before, []byte(tablesBegin+kindTables(kinds)+tablesEnd), after), nil
}

func kindTables(kinds []*record.Kind) string {
	var directories, documents strings.Builder
	common := commonFields(kinds)
	for _, kind := range kinds {
		out, fields := &directories, kind.Fields
		if kind.Document {
			out, fields = &documents, slices.DeleteFunc(slices.Clone(fields), func(f record.Field) bool {
				return slices.Contains(common, describeField(f))
			})
		}
		fmt.Fprintf(out, "| `%s` | %s |\n", kind.Name, describeAll(fields))
	}
	const head = "| kind | fields |\n|---|---|\n"
	return "\n### Directories\n\n" + head + directories.String() +
		"\n### Documents\n\nEach has, where its row says nothing else: " + strings.Join(common, ", ") + ".\n\n" + head + documents.String() + "\n"
}

// commonFields are those that three of four documents have alike, in words.
func commonFields(kinds []*record.Kind) (common []string) {
	documents, having := 0, map[string]int{}
	for _, kind := range kinds {
		if !kind.Document {
			continue
		}
		documents++
		for _, field := range kind.Fields {
			text := describeField(field)
			if having[text]++; having[text] == 1 {
				common = append(common, text)
			}
		}
	}
	return slices.DeleteFunc(common, func(text string) bool { return having[text]*4 < documents*3 })
}

func describeAll(fields []record.Field) string {
	list := make([]string, len(fields))
	for i, field := range fields {
		list[i] = describeField(field)
	}
	return strings.Join(list, ", ")
}

// describeField is a field as the protocol writes it: `price (money)`,
// `lines\*[{product_id\* (→ product)}]`.
func describeField(field record.Field) string {
	text := field.Name
	if field.Required {
		text += `\*`
	}
	if field.Wanted {
		text += "°"
	}
	if field.Type == record.List {
		text += "[{" + describeAll(field.Fields) + "}]"
	}
	if about := describeValue(field); about != "" {
		text += " (" + about + ")"
	}
	return text
}

func describeValue(field record.Field) string {
	var about []string
	switch {
	case field.Type == record.Reference:
		about = append(about, "→ "+field.Kind)
	case len(field.Choices) > 0:
		about = append(about, strings.Join(field.Choices, ", "))
	case field.Type != record.Text && field.Type != record.List && field.Type.String() != field.Name:
		about = append(about, strings.ReplaceAll(field.Type.String(), "_", " "))
	}
	if field.Note != "" {
		about = append(about, field.Note)
	}
	return strings.Join(about, "; ")
}
