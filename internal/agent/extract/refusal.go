package extract

import (
	"fmt"
	"strings"

	"github.com/interpos/cabinet/internal/agent/source"
)

// Refusal is why a row cannot become a record. Its neighbours can.
type Refusal struct {
	Key  source.Value // NULL: it has none
	Code string       // KeyMissing, …
	Text string       // for people
}

// Codes of refusals.
const (
	KeyMissing  = "key_missing"
	KeyRepeated = "key_repeated"
	IDInvalid   = "id_invalid"
	Unreadable  = "unreadable"
)

// Repeated is the refusal of rows that have the same key.
func Repeated(key source.Value) *Refusal {
	return &Refusal{Key: key, Code: KeyRepeated, Text: fmt.Sprintf("the key %s stands in more than one row: a join in the query may double rows", key.Key())}
}

// mostShown is how many columns and letters of a row name it.
const mostShown = 4

// describeRow names a row without a key by what else it holds.
func describeRow(t *table, row source.Row) string {
	var parts []string
	for i, value := range row {
		if value.IsNull() || value.Text == "" {
			continue
		}
		if parts = append(parts, t.columns[i]+" "+shorten(value.Text)); len(parts) == mostShown {
			break
		}
	}
	return strings.Join(parts, ", ")
}

// shorten cuts a text that is too long for a line.
func shorten(text string) string {
	const most = 80
	if letters := []rune(text); len(letters) > most {
		return string(letters[:most]) + "…"
	}
	return text
}
