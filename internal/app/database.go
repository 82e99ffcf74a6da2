package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"

	"github.com/interpos/cabinet/internal/postgres"
)

// databaseName is that of the cabinet's database in the private PostgreSQL.
const databaseName = "cabinet"

// startDatabase gives the address of the database: the one that is set, or that
// of the private PostgreSQL, which it starts. While that runs, its address
// stands in a file, for psql and for the other commands.
func (a *App) startDatabase(ctx context.Context) (dsn string, err error) {
	if a.config.DatabaseURL != "" {
		return a.config.DatabaseURL, nil
	}
	stopping := make(chan struct{})
	cluster, err := postgres.Start(ctx, postgres.Options{
		DataDir: filepath.Join(a.config.DataDir, "postgres"),
		Logger:  slog.New(untilStop{a.log.With("part", "postgres").Handler(), stopping}),
	})
	if err != nil {
		return "", startFault(err)
	}
	dsn = cluster.DSN(databaseName)
	a.started("PostgreSQL", func(ctx context.Context) error {
		close(stopping)
		return errors.Join(os.RemoveAll(a.config.addressFile()), cluster.Stop(ctx))
	})
	go a.watch(cluster.Exited(), stopping)
	if err := os.WriteFile(a.config.addressFile(), []byte(dsn+"\n"), 0o600); err != nil {
		return "", err
	}
	return dsn, cluster.EnsureDatabase(ctx, databaseName)
}

// untilStop drops PostgreSQL's warnings while it stops: they say of every
// connection that it was ended.
type untilStop struct {
	slog.Handler
	stopping <-chan struct{}
}

// Enabled says whether a message is wanted.
func (u untilStop) Enabled(ctx context.Context, level slog.Level) bool {
	select {
	case <-u.stopping:
		return level >= slog.LevelError
	default:
		return u.Handler.Enabled(ctx, level)
	}
}

func (c Config) addressFile() string { return filepath.Join(c.DataDir, "database.url") }

// startFault says what to do about a private PostgreSQL that does not start.
func startFault(err error) error {
	switch {
	case errors.Is(err, postgres.ErrInUse):
		return fmt.Errorf("another cabinet runs on the same data: stop it, or set DATA_DIR to another directory: %w", err)
	case errors.Is(err, postgres.ErrNotFound):
		return fmt.Errorf("%w; or set DATABASE_URL to a PostgreSQL that runs already", err)
	}
	return err
}

// watch tells when PostgreSQL ends without being asked to.
func (a *App) watch(exited, stopping <-chan struct{}) {
	select {
	case <-stopping:
		return
	case <-exited:
	}
	select {
	case <-stopping:
	default:
		a.failed <- errors.New("the private PostgreSQL has ended; its messages are in the log")
	}
}

// withDatabase runs fn with the address of the database, also while a server
// runs on it.
func withDatabase(ctx context.Context, config Config, log *slog.Logger, fn func(dsn string) error) error {
	a := New(config, log)
	dsn, err := a.startDatabase(ctx)
	if errors.Is(err, postgres.ErrInUse) {
		content, readErr := os.ReadFile(config.addressFile())
		if readErr != nil {
			return err
		}
		return fn(strings.TrimSpace(string(content)))
	}
	if err == nil {
		err = fn(dsn)
	}
	return errors.Join(err, a.Stop(context.WithoutCancel(ctx)))
}
