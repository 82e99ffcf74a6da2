package delivery

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
	"github.com/interpos/cabinet/internal/agent/state"
)

const (
	commandWithin = 5 * time.Minute
	lastWords     = 500 // bytes of what a failing command has written
)

// commandLine is a line that a command is given. docs/agent.md describes it.
type commandLine struct {
	Kind       string          `json:"kind"`
	ID         uuid.UUID       `json:"id"`
	Version    int64           `json:"version"`
	ModifiedAt time.Time       `json:"modified_at"`
	Deleted    bool            `json:"deleted"`
	DeviceID   uuid.UUID       `json:"device_id"`
	Data       json.RawMessage `json:"data"`
}

// runCommand runs the command with the records on its standard input, one line each.
// They are taken if it ends well.
func runCommand(ctx context.Context, to *mapping.Receive, list []state.Received) error {
	var in bytes.Buffer
	encoder := json.NewEncoder(&in)
	encoder.SetEscapeHTML(false)
	for i := range list {
		r := &list[i]
		if err := encoder.Encode(commandLine{r.Kind, r.ID, r.Version, r.ModifiedAt, r.Deleted, r.DeviceID, r.Data}); err != nil {
			return err
		}
	}
	ctx, cancel := context.WithTimeout(ctx, commandWithin)
	defer cancel()
	command := exec.CommandContext(ctx, programPath(to), to.Command[1:]...)
	command.Dir, command.Stdin = to.Dir, &in
	var output tail
	command.Stdout, command.Stderr = &output, &output
	command.Cancel = func() error { return command.Process.Signal(os.Interrupt) }
	command.WaitDelay = time.Second
	if err := command.Run(); err != nil {
		return fmt.Errorf("%s: the command %s failed: %w%s", to.Record.Name, to.Command[0], err, output.lastText())
	}
	return nil
}

// programPath is looked for next to the mapping where it is a path, else in PATH.
func programPath(to *mapping.Receive) string {
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

func (t *tail) lastText() string {
	if text := strings.TrimSpace(strings.ToValidUTF8(string(t.text), "")); text != "" {
		return ": " + text
	}
	return ""
}
