package agent

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/interpos/cabinet/internal/agent/mapping"
	"github.com/interpos/cabinet/internal/agent/source"
	"github.com/interpos/cabinet/internal/agent/state"
)

const (
	commandWithin = 5 * time.Minute
	tableWithin   = time.Minute
	lastWords     = 500 // bytes of what a failing command has written
)

// handed is a line that a command is given. docs/agent.md describes it.
type handed struct {
	Kind       string          `json:"kind"`
	ID         uuid.UUID       `json:"id"`
	Version    int64           `json:"version"`
	ModifiedAt time.Time       `json:"modified_at"`
	Deleted    bool            `json:"deleted"`
	DeviceID   uuid.UUID       `json:"device_id"`
	Data       json.RawMessage `json:"data"`
}

// toCommand runs the command with the records on its standard input, one line each.
// They are taken if it ends well.
func toCommand(ctx context.Context, to *mapping.Receive, list []state.Received) error {
	var in bytes.Buffer
	encoder := json.NewEncoder(&in)
	encoder.SetEscapeHTML(false)
	for i := range list {
		r := &list[i]
		if err := encoder.Encode(handed{r.Kind, r.ID, r.Version, r.ModifiedAt, r.Deleted, r.DeviceID, r.Data}); err != nil {
			return err
		}
	}
	ctx, cancel := context.WithTimeout(ctx, commandWithin)
	defer cancel()
	command := exec.CommandContext(ctx, program(to), to.Command[1:]...)
	command.Dir, command.Stdin = to.Dir, &in
	var said tail
	command.Stdout, command.Stderr = &said, &said
	command.Cancel = func() error { return command.Process.Signal(os.Interrupt) }
	command.WaitDelay = time.Second
	if err := command.Run(); err != nil {
		return fmt.Errorf("%s: the command %s failed: %w%s", to.Record.Name, to.Command[0], err, said.words())
	}
	return nil
}

// program is looked for next to the mapping where it is a path, else in PATH.
func program(to *mapping.Receive) string {
	name := to.Command[0]
	if filepath.IsAbs(name) || !strings.ContainsAny(name, `/\`) {
		return name
	}
	path, err := filepath.Abs(filepath.Join(to.Dir, name))
	if err != nil {
		return name
	}
	return path
}

// tail keeps the end of what is written to it.
type tail struct{ text []byte }

// Write keeps the last words.
func (t *tail) Write(p []byte) (int, error) {
	t.text = append(t.text, p...)
	if len(t.text) > lastWords {
		t.text = append(t.text[:0], t.text[len(t.text)-lastWords:]...)
	}
	return len(p), nil
}

func (t *tail) words() string {
	if text := strings.TrimSpace(strings.ToValidUTF8(string(t.text), "")); text != "" {
		return ": " + text
	}
	return ""
}

// intoTable writes the records into the source's table, all or none.
func intoTable(ctx context.Context, plan *mapping.Mapping, to *mapping.Receive, list []state.Received) error {
	ctx, cancel := context.WithTimeout(ctx, tableWithin)
	defer cancel()
	rows := make([]source.Put, len(list))
	for i := range list {
		var err error
		if rows[i], err = rowOf(to.Table, &list[i]); err != nil {
			return fmt.Errorf("%s %s: %w", to.Record.Name, list[i].ID, err)
		}
	}
	if err := source.Write(ctx, plan.Driver, plan.DSN, to.Table.Name, to.Table.Key, rows); err != nil {
		return fmt.Errorf("%s: write into the table %s: %w", to.Record.Name, to.Table.Name, err)
	}
	return nil
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
