package agent

import (
	"fmt"
	"slices"
	"time"

	"github.com/interpos/cabinet/internal/agent/extract"
	"github.com/interpos/cabinet/internal/agent/mapping"
	"github.com/interpos/cabinet/internal/record"
)

// findMissingFields says which fields the mapping does not fill though records should have them, or figures are poorer
// without them.
func (k *kindCheck) findMissingFields(path string, fields []record.Field, table *mapping.Table) {
	for _, field := range fields {
		list := slices.IndexFunc(table.Lists, func(l mapping.List) bool { return l.Name.Text == field.Name })
		if list >= 0 {
			k.findMissingFields(path+"."+field.Name, field.Fields, &table.Lists[list].Table)
			continue
		}
		filled := slices.ContainsFunc(table.Fields, func(f mapping.Field) bool { return f.Name.Text == field.Name })
		if !filled && (field.Wanted || field.Gives != "") && field.Type != record.ID {
			k.add(notFilled, path+"."+field.Name, field.Gives)
		}
	}
}

// mark is a change mark that the source writes as a text.
type mark struct {
	text   string
	offset time.Duration // from UTC
}

// checkMark says where a mark cannot be compared with the first one as the texts that both are. Offsets that change with
// summer time are within the overlap.
func (k *kindCheck) checkMark(r *extract.Record) {
	if len(r.MarkText) <= len(time.DateOnly) || r.ModifiedAt.IsZero() {
		return
	}
	_, seconds := r.ModifiedAt.Zone()
	given := mark{r.MarkText, time.Duration(seconds) * time.Second}
	if k.firstMark.text == "" {
		k.firstMark = given
		return
	}
	const separator = len(time.DateOnly)
	if given.text[separator] != k.firstMark.text[separator] || (given.offset-k.firstMark.offset).Abs() > k.kind.Overlap {
		k.add(marksMixed, k.kind.Record.Name+" modified_at", fmt.Sprintf("key %s: %s beside %s", r.Key.Key(), given.text, k.firstMark.text))
	}
}
