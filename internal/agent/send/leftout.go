package send

import (
	"fmt"
	"strings"

	"github.com/interpos/cabinet/internal/agent/extract"
)

// mostExamples is how many rows are named in a line.
const mostExamples = 3

// LeaveOut counts rows that cannot become records. first are some of them.
func (t *Totals) LeaveOut(count int, first []extract.Refusal) {
	t.LeftOut += count
	for i := range first {
		t.addExample(first[i].Text)
	}
}

// note counts a record that is sent, and has values that may not be what was meant.
func (t *Totals) note(r *extract.Record) {
	if len(r.Notes) == 0 {
		return
	}
	t.Noted++
	one := r.Notes[0]
	t.addExample(fmt.Sprintf("key %s: %s %s (%s)", r.Key.Key(), one.Path, one.Given, one.Code))
}

func (t *Totals) addExample(text string) {
	if len(t.Examples) < mostExamples {
		t.Examples = append(t.Examples, text)
	}
}

// Troubles is a line on what was left out or noted; empty: there is none.
func (t *Totals) Troubles() string {
	var parts []string
	if t.LeftOut > 0 {
		parts = append(parts, fmt.Sprintf("%d rows are LEFT OUT", t.LeftOut))
	}
	if t.Noted > 0 {
		parts = append(parts, fmt.Sprintf("%d records have values that may not be what was meant", t.Noted))
	}
	if len(parts) == 0 {
		return ""
	}
	return fmt.Sprintf("%s: %s, such as %s; `agent check-mapping` lists them", t.Kind, strings.Join(parts, ", "), strings.Join(t.Examples, "; "))
}
