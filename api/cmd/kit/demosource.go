package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"time"

	"github.com/interpos/cabinet/internal/demo/venue"
)

type demoSourceCommand struct {
	Out      string    `help:"SQLite file to make. One that is there is replaced; with --live it is gone on with." required:"" placeholder:"FILE"`
	Mapping  string    `help:"Where to write the mapping; next to the database if left out." placeholder:"FILE"`
	Seed     int64     `help:"The same seed and time make the same venue." default:"20200525"`
	Days     int       `help:"Days of history." default:"90"`
	Outlets  int       `help:"Outlets of the chain, 1 to 3." default:"3"`
	Now      time.Time `help:"End of the history, RFC 3339; now if left out." format:"2006-01-02T15:04:05Z07:00"`
	TimeZone string    `help:"Where the venue is." default:"Europe/Moscow"`
	Separate bool      `help:"Make a database for each outlet, which counts from 1 and shares the chain's directories: FILE-1.db, FILE-2.db, …"`
	Live     bool      `help:"Go on selling until interrupted."`
	Every    float64   `help:"With --live: seconds between receipts, on average." default:"4"`
}

// Run makes the database, and goes on selling if asked to.
func (c *demoSourceCommand) Run(ctx context.Context, to console) error {
	zone, err := time.LoadLocation(c.TimeZone)
	if err != nil {
		return fmt.Errorf("--time-zone: %w", err)
	}
	if c.Now.IsZero() {
		c.Now = time.Now()
	}
	options := venue.Options{
		Path: c.Out, Mapping: c.Mapping, Seed: c.Seed, Days: c.Days, Outlets: c.Outlets, Now: c.Now.In(zone), Keep: c.Live,
	}
	if c.Separate {
		return makeSeparate(ctx, options, to)
	}
	if err := makeDatabase(ctx, options, to); err != nil || !c.Live {
		return err
	}
	every := time.Duration(c.Every * float64(time.Second))
	return venue.Live(ctx, options, every, func(line string) { _, _ = fmt.Fprintln(to.out, line) })
}

// makeSeparate makes a database for each outlet of the chain.
func makeSeparate(ctx context.Context, options venue.Options, to console) error {
	base, extension := strings.TrimSuffix(options.Path, filepath.Ext(options.Path)), filepath.Ext(options.Path)
	for options.Only = 1; options.Only <= options.Outlets; options.Only++ {
		options.Path = fmt.Sprintf("%s-%d%s", base, options.Only, extension)
		if err := makeDatabase(ctx, options, to); err != nil {
			return err
		}
	}
	return nil
}

func makeDatabase(ctx context.Context, options venue.Options, to console) error {
	started := time.Now()
	made, err := venue.Make(ctx, options)
	if err != nil {
		return err
	}
	_, _ = fmt.Fprintf(to.out, "%s: %d receipts written in %s.\nThe mapping is in %s.\n",
		options.Path, made.Receipts, time.Since(started).Round(10*time.Millisecond), made.Mapping)
	return nil
}

// Validate refuses what does not go together.
func (c *demoSourceCommand) Validate() error {
	if c.Separate && (c.Live || c.Mapping != "") {
		return errors.New("--separate goes with neither --live nor --mapping")
	}
	return nil
}
