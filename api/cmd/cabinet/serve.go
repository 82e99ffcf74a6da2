package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/KimMachineGun/automemlimit/memlimit"

	"github.com/interpos/cabinet/internal/app"
)

// stopPatience is how long a stop waits for requests and jobs.
const stopPatience = 30 * time.Second

type serveCommand struct{}

// Run serves until the context ends.
func (serveCommand) Run(ctx context.Context, c console) error {
	config, log, err := loadConfig(c)
	if err != nil {
		return err
	}
	boundMemory(log)
	return withServer(ctx, c, app.New(config, log), func(ctx context.Context) error {
		<-ctx.Done()
		return nil
	})
}

// boundMemory lets Go's runtime collect garbage harder as the process nears half of what the
// machine, or its cgroup, has: the private PostgreSQL and the file cache need the rest. Who
// sets GOMEMLIMIT knows better.
func boundMemory(log *slog.Logger) {
	_, err := memlimit.SetGoMemLimitWithOpts(memlimit.WithRatio(0.5), memlimit.WithLogger(log),
		memlimit.WithProvider(memlimit.ApplyFallback(memlimit.FromCgroup, memlimit.FromSystem)))
	if err != nil {
		log.Warn("the machine's memory is not known: no bound is set", "error", err)
	}
}

type healthcheckCommand struct{}

// Run asks the server that the environment describes whether it is ready.
func (healthcheckCommand) Run(ctx context.Context, c console) error {
	config, err := app.ReadConfig(c.environ)
	if err != nil {
		return err
	}
	return app.CheckHealth(ctx, config)
}

// loadConfig reads the settings, and makes the log that they ask for.
func loadConfig(c console) (app.Config, *slog.Logger, error) {
	config, err := app.ReadConfig(c.environ)
	if err != nil {
		return config, nil, err
	}
	log, err := app.NewLog(c.err, config)
	return config, log, err
}

// withServer runs work beside the server, until it returns or the server fails.
func withServer(ctx context.Context, c console, server *app.App, work func(context.Context) error) error {
	if err := server.Start(ctx); err != nil {
		return unlessStopped(ctx, err)
	}
	_, _ = fmt.Fprintf(c.out, "Interpos Cabinet is ready at %s\n", server.URL())
	working, cancel := context.WithCancelCause(ctx)
	go func() {
		select {
		case err := <-server.Failed():
			cancel(err)
		case <-working.Done():
		}
	}()
	err := work(working)
	if cause := context.Cause(working); cause != nil && ctx.Err() == nil {
		err = cause
	}
	cancel(nil)
	stopping, stop := context.WithTimeout(context.WithoutCancel(ctx), stopPatience)
	defer stop()
	return errors.Join(err, server.Stop(stopping))
}

// unlessStopped forgets an error that a stop has caused.
func unlessStopped(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return nil
	}
	return err
}

type migrateCommand struct{}

// Run migrates.
func (migrateCommand) Run(ctx context.Context, c console) error {
	config, log, err := loadConfig(c)
	if err != nil {
		return err
	}
	if err := app.Migrate(ctx, config, log); err != nil {
		return err
	}
	_, _ = fmt.Fprintln(c.out, "The database is up to date.")
	return nil
}

type versionCommand struct{}

// Run prints the version.
func (versionCommand) Run(c console) error {
	version, revision := app.Version()
	_, err := fmt.Fprintln(c.out, "Interpos Cabinet", version, revision)
	return err
}
