package app

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"github.com/interpos/cabinet/internal/db"
	"github.com/interpos/cabinet/internal/fault"
	"github.com/interpos/cabinet/internal/postgres"
	"github.com/interpos/cabinet/internal/textfile"
)

// databaseName is that of the cabinet's database in the private PostgreSQL.
const databaseName = "cabinet"

// location is where the database is, and as whom one signs in to it.
type location struct {
	owner  string   // DSN of who owns the tables
	server string   // DSN of the server, unless it has a login of its own
	login  db.Login // of the server
}

// locateDatabase is the database with the owner's DSN, as the settings see it.
func (c Config) locateDatabase(owner string) (location, error) {
	if c.DatabaseOwnerURL != "" {
		role, err := db.RoleOf(c.DatabaseURL)
		return location{owner: c.DatabaseOwnerURL, server: c.DatabaseURL, login: db.Login{Role: role}}, err
	}
	secret, err := c.secretKey()
	if err != nil {
		return location{}, err
	}
	login, err := db.ServerLogin(owner, secret)
	return location{owner: owner, server: owner, login: login}, err
}

// openForCommand opens the database for a command that an operator runs beside the server.
func (l location) openForCommand(ctx context.Context) (*db.DB, error) {
	if l.login.Password == "" {
		return db.Open(ctx, l.server, l.login, 2)
	}
	return db.OpenAsOwner(ctx, l.owner, l.login)
}

// startDatabase gives the owner's address of the database: the one that is set, or that
// of the private PostgreSQL, which it starts. While that runs, its address
// stands in a file, for psql and for the other commands.
func (a *App) startDatabase(ctx context.Context) (dsn string, err error) {
	if a.config.DatabaseURL != "" {
		return cmp.Or(a.config.DatabaseOwnerURL, a.config.DatabaseURL), nil
	}
	p := &privatePostgres{stopping: make(chan struct{}), stopped: make(chan struct{}), log: a.log}
	p.options = postgres.Options{
		DataDir: filepath.Join(a.config.DataDir, "postgres"),
		Logger:  slog.New(untilStop{a.log.With("part", "postgres").Handler(), p.stopping}),
	}
	if p.cluster, err = postgres.Start(ctx, p.options); err != nil {
		return "", startFault(err)
	}
	dsn = p.cluster.DSN(databaseName)
	go func() {
		defer close(p.stopped)
		if err := p.keepRunning(); err != nil {
			a.failed <- err
		}
	}()
	a.onStop("PostgreSQL", func(ctx context.Context) error {
		return errors.Join(os.RemoveAll(a.config.addressFile()), p.stop(ctx))
	})
	if err := os.WriteFile(a.config.addressFile(), []byte(dsn+"\n"), 0o600); err != nil {
		return "", err
	}
	return dsn, p.cluster.EnsureDatabase(ctx, databaseName)
}

// waitForDatabase waits until the database answers, a minute at the most: it may be
// starting, as after a power cut. A database that answers with a refusal is not waited for.
func (a *App) waitForDatabase(ctx context.Context, dsn string) error {
	const most, pause = time.Minute, time.Second
	deadline := time.Now().Add(most)
	for {
		err := db.Ping(ctx, dsn)
		if err == nil || !fault.Is(err, fault.Unavailable) || ctx.Err() != nil || time.Now().After(deadline) {
			return err
		}
		a.log.Warn("the database does not answer yet", "error", err)
		select {
		case <-ctx.Done():
			return err
		case <-time.After(pause):
		}
	}
}

// privatePostgres is the server's own PostgreSQL, started again whenever it ends
// without being asked to. Its address stays the same.
type privatePostgres struct {
	options  postgres.Options
	cluster  *postgres.Cluster
	log      *slog.Logger
	stopping chan struct{} // closed by stop
	stopped  chan struct{} // closed when nobody starts it any more
}

// keepRunning returns once PostgreSQL is to stop, or cannot be started again.
func (p *privatePostgres) keepRunning() error {
	for {
		select {
		case <-p.stopping:
			return nil
		case <-p.cluster.Exited():
		}
		select {
		case <-p.stopping:
			return nil
		default:
		}
		p.log.Error("the private PostgreSQL has ended; it is started again")
		if err := p.restart(); err != nil {
			return fmt.Errorf("the private PostgreSQL has ended, and does not start again: %w", err)
		}
	}
}

// restart tries for a while: what ended PostgreSQL, a full disk say, may need a
// moment to pass.
func (p *privatePostgres) restart() error {
	const tries = 10
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	go func() {
		select {
		case <-p.stopping:
			cancel()
		case <-ctx.Done():
		}
	}()
	_ = p.cluster.Stop(ctx) // it has ended: this gives its directories back
	for try := 1; ; try++ {
		cluster, err := postgres.Start(ctx, p.options)
		switch {
		case err == nil:
			p.cluster = cluster
			return nil
		case ctx.Err() != nil:
			return nil
		case try == tries:
			return err
		}
		p.log.Error("the private PostgreSQL does not start", "error", err)
		select {
		case <-p.stopping:
			return nil
		case <-time.After(time.Duration(try) * time.Second):
		}
	}
}

func (p *privatePostgres) stop(ctx context.Context) error {
	close(p.stopping)
	<-p.stopped
	return p.cluster.Stop(ctx)
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

// withDatabase runs fn with the database, brought to this program's version, also while a
// server runs on it.
func withDatabase(ctx context.Context, config Config, log *slog.Logger, fn func(location) error) error {
	a := New(config, log)
	dsn, err := a.startDatabase(ctx)
	if errors.Is(err, postgres.ErrInUse) {
		address, readErr := textfile.Read(config.addressFile())
		if readErr != nil {
			return err
		}
		dsn, err = textfile.Trim(address), nil
	}
	if err == nil {
		err = config.migrateThen(ctx, dsn, fn)
	}
	return errors.Join(err, a.Stop(context.WithoutCancel(ctx)))
}

func (c Config) migrateThen(ctx context.Context, dsn string, fn func(location) error) error {
	located, err := c.locateDatabase(dsn)
	if err != nil {
		return err
	}
	if err := db.Migrate(ctx, located.owner, located.login); err != nil {
		return err
	}
	return fn(located)
}
