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
// included. It connects as the DSN's own role, which owns the tables; the
// server runs as cabinet_app, which does not. Any number of processes may call
// it at once.
func Migrate(ctx context.Context, dsn string) error {
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
	return runMigrations(ctx, pool, conn.Conn())
}

func runMigrations(ctx context.Context, pool *pgxpool.Pool, conn *pgx.Conn) error {
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
	if _, err := conn.Exec(ctx, grants); err != nil {
		return fmt.Errorf("grant to cabinet_app: %w", err)
	}
	return nil
}

// grants gives the server's role the rows of all tables and nothing of their
// definitions. It runs after every migration, so no migration can forget it.
const grants = `
GRANT USAGE ON SCHEMA public TO cabinet_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO cabinet_app;
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO cabinet_app;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA public TO cabinet_app;`
