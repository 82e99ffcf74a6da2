// Package demo shows the cabinet at work: it registers a person, makes an
// organization and synchronizes a venue that goes on selling. It walks through
// the cabinet's front door, its HTTP API, as that person and that venue would.
package demo

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
)

// What the demo signs in with. It is the same everywhere: the demo is for one's
// own machine.
const (
	Email    = "demo@interpos.example"
	Password = "interpos-demo"
)

// Options of a demo.
type Options struct {
	URL string // of a running cabinet without SMTP
	Dir string // where the venue's database and the agent's files stay
	Programs
	Days int       // of the venue's history
	Out  io.Writer // what the viewer is told
	Err  io.Writer // progress
}

// Run sets the demo up, or finds the one that was set up before, and lets the
// venue sell and synchronize until ctx ends.
func Run(ctx context.Context, o Options) error {
	err := o.run(ctx)
	if ctx.Err() != nil {
		return nil
	}
	return err
}

func (o Options) run(ctx context.Context) error {
	if err := os.MkdirAll(o.Dir, 0o700); err != nil {
		return err
	}
	key, err := (&person{url: o.URL}).organization(ctx)
	if err != nil {
		return fmt.Errorf("set the demo account up: %w", err)
	}
	if err := o.prepare(ctx, key); err != nil {
		return err
	}
	_, _ = fmt.Fprintf(o.Out, banner, o.URL, Email, Password, organizationName)
	log, err := os.OpenFile(filepath.Join(o.Dir, "agent.log"), os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		return err
	}
	defer func() { _ = log.Close() }()
	return o.sell(ctx, log)
}

const banner = `
  Open          %s
  E-mail        %s
  Password      %s
  Organization  %s

The venue goes on selling, and what it sells is here within seconds. Ctrl-C stops
everything; the next start finds it again. The password is known to everybody:
keep this demo to your own machine.
`

func (o Options) database() string { return filepath.Join(o.Dir, "venue.db") }
func (o Options) mapping() string  { return filepath.Join(o.Dir, "venue.yaml") }
func (o Options) config() string   { return filepath.Join(o.Dir, "agent.yaml") }

// prepare makes the venue's history, if it has none, and synchronizes it.
func (o Options) prepare(ctx context.Context, key string) error {
	if missing(o.database()) || missing(o.mapping()) {
		_, _ = fmt.Fprintf(o.Out, "Making a demo venue with %d days of sales …\n", o.Days)
		if err := runProgram(ctx, o.Err, nil, o.Kit, "demo-source", "--out", o.database(), "--mapping", o.mapping(),
			"--days", strconv.Itoa(o.Days)); err != nil {
			return err
		}
	}
	err := runProgram(ctx, o.Err, []string{"INTERPOS_SYNC_KEY=" + key}, o.Agent,
		"init", "--url", o.URL, "--config", o.config(), "--mapping", o.mapping(), "--device-name", "Главный компьютер")
	if err != nil {
		return err
	}
	_, _ = fmt.Fprintln(o.Out, "Synchronizing …")
	return runProgram(ctx, o.Err, nil, o.Agent, "sync", "--config", o.config())
}

func missing(path string) bool {
	_, err := os.Stat(path)
	return errors.Is(err, fs.ErrNotExist)
}

// sell runs the venue and its agent until ctx ends, or one of them does.
func (o Options) sell(ctx context.Context, log io.Writer) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	parts := [][]string{
		{o.Kit, "demo-source", "--out", o.database(), "--mapping", o.mapping(), "--live"},
		{o.Agent, "run", "--config", o.config()},
	}
	ended := make(chan error, len(parts))
	for _, part := range parts {
		go func() { ended <- runProgram(ctx, log, nil, part[0], part[1:]...) }()
	}
	first := <-ended
	cancel()
	return errors.Join(first, <-ended)
}
