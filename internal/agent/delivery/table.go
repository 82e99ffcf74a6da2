package delivery

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/encoding"

	"github.com/interpos/cabinet/internal/agent/mapping"
	"github.com/interpos/cabinet/internal/agent/source"
	"github.com/interpos/cabinet/internal/agent/state"
)

const tableWithin = time.Minute

// writeTable writes the records into the source's table, all or none.
func writeTable(ctx context.Context, plan *mapping.Mapping, to *mapping.Receive, list []state.Received) error {
	ctx, cancel := context.WithTimeout(ctx, tableWithin)
	defer cancel()
	rows := make([]source.Put, len(list))
	for i := range list {
		var err error
		if rows[i], err = rowOf(to.Table, &list[i]); err != nil {
			return fmt.Errorf("%s %s: %w", to.Record.Name, list[i].ID, err)
		}
		encodeTexts(&rows[i], plan.Encoding)
	}
	if err := source.Write(ctx, plan.Driver, plan.DSN, to.Table.Name, to.Table.Key, rows); err != nil {
		return fmt.Errorf("%s: write into the table %s: %w", to.Record.Name, to.Table.Name, err)
	}
	return nil
}

// encodeTexts writes the texts of a row in the encoding of the source; nil: UTF-8. A letter that it does not
// have becomes its sign for such letters, in JSON an escape.
func encodeTexts(row *source.Put, in encoding.Encoding) {
	if in == nil {
		return
	}
	encoder := encoding.ReplaceUnsupported(in.NewEncoder())
	for i, value := range row.Values {
		if value.Type != source.Text {
			continue
		}
		text := value.Text
		if json.Valid([]byte(text)) {
			text = escapeLetters(text)
		}
		if encoded, err := encoder.String(text); err == nil {
			row.Values[i].Text = encoded
		}
	}
}

// escapeLetters writes what is not ASCII in a JSON text by escapes.
func escapeLetters(text string) string {
	var b strings.Builder
	for _, letter := range text {
		switch {
		case letter < utf8.RuneSelf:
			b.WriteRune(letter)
		case letter <= 0xffff:
			fmt.Fprintf(&b, `\u%04x`, letter)
		default:
			high, low := utf16.EncodeRune(letter)
			fmt.Fprintf(&b, `\u%04x\u%04x`, high, low)
		}
	}
	return b.String()
}

// rowOf is what is written of a record. A deletion leaves the fields as they are.
func rowOf(t *mapping.Target, r *state.Received) (source.Put, error) {
	put := source.Put{Key: r.ID.String(), Delete: r.Deleted && t.Deleted == "", Update: r.Deleted}
	set := func(column string, value source.Value) {
		if column != "" {
			put.Columns, put.Values = append(put.Columns, column), append(put.Values, value)
		}
	}
	deleted := source.Value{Type: source.Bool, Text: fmt.Sprint(r.Deleted)}
	set(t.Deleted, deleted)
	set(t.ModifiedAt, source.Value{Type: source.Text, Text: r.ModifiedAt.Format(time.RFC3339Nano)})
	if r.Deleted {
		return put, nil
	}
	set(t.Data, source.Value{Type: source.Text, Text: string(r.Data)})
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(r.Data, &fields); err != nil {
		return put, err
	}
	for _, column := range t.Columns {
		set(column.Column, valueOf(fields[column.Field]))
	}
	return put, nil
}

// valueOf is a JSON value as a cell: texts without quotes, lists as JSON.
func valueOf(raw json.RawMessage) source.Value {
	text := string(raw)
	switch {
	case text == "" || text == "null":
		return source.Value{}
	case text == "true" || text == "false":
		return source.Value{Type: source.Bool, Text: text}
	case text[0] == '"':
		var plain string
		if json.Unmarshal(raw, &plain) == nil {
			text = plain
		}
	case text[0] == '-' || text[0] >= '0' && text[0] <= '9':
		return source.Value{Type: source.Number, Text: text}
	}
	return source.Value{Type: source.Text, Text: text}
}
