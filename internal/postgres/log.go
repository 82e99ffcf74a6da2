package postgres

import (
	"bytes"
	"context"
	"log/slog"
	"strings"
	"sync"
)

const keptLines = 20

// logWriter turns PostgreSQL's messages into records of a logger, and keeps
// the last ones for the error of a start that fails.
type logWriter struct {
	logger *slog.Logger

	mu      sync.Mutex
	partial []byte
	recent  []string
	level   slog.Level
}

// levels of PostgreSQL's severities. An ERROR has reached the client that
// caused it, which knows better whether it matters.
var levels = map[string]slog.Level{
	"LOG": slog.LevelDebug, "NOTICE": slog.LevelDebug, "INFO": slog.LevelDebug, "ERROR": slog.LevelDebug,
	"WARNING": slog.LevelWarn, "FATAL": slog.LevelWarn, "PANIC": slog.LevelError,
}

// Write takes a piece of PostgreSQL's standard error.
func (w *logWriter) Write(piece []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.partial = append(w.partial, piece...)
	for {
		line, rest, found := bytes.Cut(w.partial, []byte("\n"))
		if !found {
			return len(piece), nil
		}
		w.logLine(string(line))
		w.partial = rest
	}
}

func (w *logWriter) logLine(line string) {
	severity, _, _ := strings.Cut(line, ":")
	// DETAIL, HINT, STATEMENT and continued lines belong to the one before.
	if level, known := levels[severity]; known {
		w.level = level
	}
	w.recent = append(w.recent, line)
	if len(w.recent) > keptLines {
		w.recent = w.recent[1:]
	}
	w.logger.Log(context.Background(), w.level, line, "from", "postgresql")
}

func (w *logWriter) lastLines() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return strings.Join(w.recent, "\n")
}
