package app

import (
	"fmt"
	"io"
	"log/slog"
)

// NewLog makes the logger that the configuration asks for: LOG_LEVEL is debug,
// info, warn or error, LOG_FORMAT text or json.
func NewLog(w io.Writer, c Config) (*slog.Logger, error) {
	handler, err := newLogHandler(w, c)
	if err != nil {
		return nil, err
	}
	return slog.New(handler), nil
}

func newLogHandler(w io.Writer, c Config) (slog.Handler, error) {
	var level slog.Level
	if err := level.UnmarshalText([]byte(c.LogLevel)); err != nil {
		return nil, fmt.Errorf("LOG_LEVEL must be debug, info, warn or error, not %q", c.LogLevel)
	}
	options := &slog.HandlerOptions{Level: level}
	switch c.LogFormat {
	case "text":
		return slog.NewTextHandler(w, options), nil
	case "json":
		return slog.NewJSONHandler(w, options), nil
	}
	return nil, fmt.Errorf("LOG_FORMAT must be text or json, not %q", c.LogFormat)
}
