package db

import (
	"context"
	"embed"
	"fmt"
	"io/fs"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/rivermigrate"
)

//go:embed migrations/*.sql
var migrations embed.FS

// migrationLock is the advisory lock that lets one process at a time migrate.
const migrationLock = 0x1a7e_0905

// Migrate brings the schema to the newest version, the job queue's tables
// included, and lets the server's login work with its rows. It connects as the DSN's own
// role, which owns the tables. Any number of processes may call it at once.
func Migrate(ctx context.Context, dsn string, server Login) error {
	return asMigrator(ctx, dsn, func(pool *pgxpool.Pool, owner *pgx.Conn) error {
		if err := server.create(ctx, owner); err != nil {
			return err
		}
		if err := runMigrations(ctx, pool); err != nil {
			return err
		}
		return server.grantRows(ctx, owner)
	})
}

// asMigrator lets one process at a time do what must not be done twice at once.
func asMigrator(ctx context.Context, dsn string, do func(pool *pgxpool.Pool, owner *pgx.Conn) error) error {
	pool, err := pgxpool.New(ctx, dsn)
	if err != nil {
		return fmt.Errorf("read DATABASE_URL: %w", err)
	}
	defer pool.Close()
	conn, err := pool.Acquire(ctx)
	if err != nil {
		return fmt.Errorf("reach the database: %w", err)
	}
	defer conn.Release()
	if _, err := conn.Exec(ctx, "SELECT pg_advisory_lock($1)", migrationLock); err != nil {
		return fmt.Errorf("wait for other migrations: %w", err)
	}
	defer conn.Exec(context.WithoutCancel(ctx), "SELECT pg_advisory_unlock($1)", migrationLock) //nolint:errcheck // the lock ends with the connection anyway
	return do(pool, conn.Conn())
}

func runMigrations(ctx context.Context, pool *pgxpool.Pool) error {
	jobs, err := rivermigrate.New(riverpgxv5.New(pool), nil)
	if err != nil {
		return err
	}
	if _, err := jobs.Migrate(ctx, rivermigrate.DirectionUp, nil); err != nil {
		return fmt.Errorf("migrate the job queue: %w", err)
	}
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return err
	}
	own := stdlib.OpenDBFromPool(pool)
	defer own.Close()
	provider, err := goose.NewProvider(goose.DialectPostgres, own, files)
	if err != nil {
		return err
	}
	if _, err := provider.Up(ctx); err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	return nil
}
