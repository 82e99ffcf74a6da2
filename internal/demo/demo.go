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
	key, err := (&person{url: o.URL}).ensureOrganization(ctx)
	if err != nil {
		return fmt.Errorf("set the demo account up: %w", err)
	}
	if err := o.prepareVenue(ctx, key); err != nil {
		return err
	}
	_, _ = fmt.Fprintf(o.Out, banner, o.URL, Email, Password, organizationName)
	log, err := os.OpenFile(filepath.Join(o.Dir, "agent.log"), os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		return err
	}
	defer func() { _ = log.Close() }()
	return o.runPOS(ctx, log)
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

func (o Options) databasePath() string { return filepath.Join(o.Dir, "venue.db") }
func (o Options) mappingPath() string  { return filepath.Join(o.Dir, "venue.yaml") }
func (o Options) configPath() string   { return filepath.Join(o.Dir, "agent.yaml") }

// prepareVenue makes the venue's history, if it has none, and synchronizes it.
func (o Options) prepareVenue(ctx context.Context, key string) error {
	if isMissing(o.databasePath()) || isMissing(o.mappingPath()) {
		_, _ = fmt.Fprintf(o.Out, "Making a demo venue with %d days of sales …\n", o.Days)
		if err := runProgram(ctx, o.Err, nil, o.Kit, "demo-source", "--out", o.databasePath(), "--mapping", o.mappingPath(),
			"--days", strconv.Itoa(o.Days)); err != nil {
			return err
		}
	}
	err := runProgram(ctx, o.Err, []string{"INTERPOS_SYNC_KEY=" + key}, o.Agent,
		"init", "--url", o.URL, "--config", o.configPath(), "--mapping", o.mappingPath(), "--device-name", "Главный компьютер")
	if err != nil {
		return err
	}
	_, _ = fmt.Fprintln(o.Out, "Synchronizing …")
	return runProgram(ctx, o.Err, nil, o.Agent, "sync", "--config", o.configPath())
}

func isMissing(path string) bool {
	_, err := os.Stat(path)
	return errors.Is(err, fs.ErrNotExist)
}

// runPOS runs the venue and its agent until ctx ends, or one of them does.
func (o Options) runPOS(ctx context.Context, log io.Writer) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	parts := [][]string{
		{o.Kit, "demo-source", "--out", o.databasePath(), "--mapping", o.mappingPath(), "--live"},
		{o.Agent, "run", "--config", o.configPath()},
	}
	ended := make(chan error, len(parts))
	for _, part := range parts {
		go func() { ended <- runProgram(ctx, log, nil, part[0], part[1:]...) }()
	}
	first := <-ended
	cancel()
	return errors.Join(first, <-ended)
}
