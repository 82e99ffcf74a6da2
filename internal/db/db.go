// Package db opens the database and hands out transactions that know for whom
// they run. There is no way to a tenant's table around a scope: PostgreSQL's
// row-level security refuses what a forgotten WHERE would leak.
package db

import (
	"bufio"
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgproto3"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
	"gorm.io/driver/postgres"
	"gorm.io/gorm"
	"gorm.io/gorm/logger"
)

// DB is the cabinet's database: GORM for the cabinet's own data, pgx for the
// bulk paths, both over one pool whose connections run as the role cabinet_app.
type DB struct {
	Pool *pgxpool.Pool
	gorm *gorm.DB
}

// Scope names for whom a transaction runs. Row-level security shows it the rows
// of Organization, and of User those that say to which organizations a user
// belongs.
type Scope struct {
	Organization uuid.UUID
	User         uuid.UUID
}

// ErrNoScope is returned for a scope that names nobody.
var ErrNoScope = errors.New("db: a scope needs an organization or a user")

// Open connects to a migrated database and checks that it answers. maxConns
// ≤ 0 leaves the size of the pool to its default.
func Open(ctx context.Context, dsn string, maxConns int32) (*DB, error) {
	config, err := pgxpool.ParseConfig(dsn)
	if err != nil {
		return nil, fmt.Errorf("read DATABASE_URL: %w", err)
	}
	if maxConns > 0 {
		config.MaxConns = maxConns
	}
	config.MaxConnIdleTime = 5 * time.Minute
	// Bulk reads are in the binary format, which other modes than this one do not give.
	config.ConnConfig.DefaultQueryExecMode = pgx.QueryExecModeCacheStatement
	// A row at a time, PostgreSQL sends pieces of 8 KiB; whoever is behind takes several at once.
	config.ConnConfig.BuildFrontend = func(r io.Reader, w io.Writer) *pgproto3.Frontend {
		return pgproto3.NewFrontend(bufio.NewReaderSize(r, 64<<10), w)
	}
	config.AfterConnect = func(ctx context.Context, conn *pgx.Conn) error {
		_, err := conn.Exec(ctx, "SET ROLE cabinet_app")
		return err
	}
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return nil, fmt.Errorf("open the database: %w", err)
	}
	if err := pool.Ping(ctx); err != nil {
		pool.Close()
		return nil, fmt.Errorf("reach the database: %w", err)
	}
	orm, err := gorm.Open(postgres.New(postgres.Config{Conn: stdlib.OpenDBFromPool(pool)}), &gorm.Config{
		Logger:                 logger.NewSlogLogger(slog.Default(), logger.Config{LogLevel: logger.Error, IgnoreRecordNotFoundError: true}),
		SkipDefaultTransaction: true,
		TranslateError:         false,
	})
	if err != nil {
		pool.Close()
		return nil, fmt.Errorf("open the database: %w", err)
	}
	return &DB{Pool: pool, gorm: orm}, nil
}

// Close waits for the running transactions and closes the pool.
func (d *DB) Close() { d.Pool.Close() }

// Global runs fn in a transaction without a tenant: for the tables that belong
// to no organization (users, sessions, mail tokens).
func (d *DB) Global(ctx context.Context, fn func(tx *gorm.DB) error) error {
	return asFault(d.gorm.WithContext(ctx).Transaction(fn))
}

// Scoped runs fn in a transaction that sees the scope's rows and no others.
func (d *DB) Scoped(ctx context.Context, scope Scope, fn func(tx *gorm.DB) error) error {
	if scope == (Scope{}) {
		return ErrNoScope
	}
	return asFault(d.gorm.WithContext(ctx).Transaction(func(tx *gorm.DB) error {
		set := tx.Exec("SELECT set_config('app.organization_id', ?, true), set_config('app.user_id', ?, true)",
			setting(scope.Organization), setting(scope.User))
		if set.Error != nil {
			return set.Error
		}
		return fn(tx)
	}))
}

// ForOrganization is Scoped for the rows of one organization.
func (d *DB) ForOrganization(ctx context.Context, organization uuid.UUID, fn func(tx *gorm.DB) error) error {
	return d.Scoped(ctx, Scope{Organization: organization}, fn)
}

// ForUser is Scoped for the rows that say to which organizations a user belongs.
func (d *DB) ForUser(ctx context.Context, user uuid.UUID, fn func(tx *gorm.DB) error) error {
	return d.Scoped(ctx, Scope{User: user}, fn)
}

// Bulk runs fn in a pgx transaction that sees one organization's rows.
func (d *DB) Bulk(ctx context.Context, organization uuid.UUID, fn func(tx pgx.Tx) error) error {
	if organization == uuid.Nil {
		return ErrNoScope
	}
	return d.withSetting(ctx, "app.organization_id", organization.String(), fn)
}

// System runs fn in a pgx transaction that sees, of every organization, the
// positions of feeds and projections, and nothing else: for background work
// that has to find out where there is something to do.
func (d *DB) System(ctx context.Context, fn func(tx pgx.Tx) error) error {
	return d.withSetting(ctx, "app.system", "on", fn)
}

// BySyncKey runs one query, whose only argument is the hash, in a transaction that
// sees the one sync key with that hash and nothing else. Every request of a device
// begins with it: it takes one round trip.
func (d *DB) BySyncKey(ctx context.Context, hash []byte, query string, scan func(pgx.Row) error) error {
	return asFault(d.alive(ctx, func() error {
		batch := &pgx.Batch{} // without a BEGIN, all of it is one transaction
		batch.Queue("SELECT set_config('app.sync_key_hash', $1, true)", hex.EncodeToString(hash))
		batch.Queue(query, hash).QueryRow(scan)
		return d.Pool.SendBatch(ctx, batch).Close()
	}))
}

// withSetting begins with one round trip. The value is a UUID or a constant:
// nothing that would need quoting.
func (d *DB) withSetting(ctx context.Context, name, value string, fn func(tx pgx.Tx) error) error {
	return d.begin(ctx, "BEGIN", name, value, fn)
}

func (d *DB) begin(ctx context.Context, begin, name, value string, fn func(tx pgx.Tx) error) error {
	options := pgx.TxOptions{BeginQuery: begin + "; SET LOCAL " + name + " = '" + value + "'"}
	var tx pgx.Tx
	err := d.alive(ctx, func() (err error) {
		tx, err = d.Pool.BeginTx(ctx, options)
		return err
	})
	if err != nil {
		return asFault(err)
	}
	defer func() { _ = tx.Rollback(ctx) }() // where it was committed, this does nothing
	if err := fn(tx); err != nil {
		return asFault(err)
	}
	return asFault(tx.Commit(ctx))
}

// alive does what may be done twice, and does it again as long as the pool hands out
// connections that have died while nobody used them, as all do when PostgreSQL
// restarts.
func (d *DB) alive(ctx context.Context, do func() error) error {
	err := do()
	for left := d.Pool.Stat().MaxConns(); err != nil && died(err) && ctx.Err() == nil && left > 0; left-- {
		err = do()
	}
	return err
}

func setting(id uuid.UUID) string {
	if id == uuid.Nil {
		return ""
	}
	return id.String()
}
