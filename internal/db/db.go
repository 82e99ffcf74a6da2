// Package db opens the database and hands out transactions that know for whom
// they run. There is no way to a tenant's table around a scope: PostgreSQL's
// row-level security refuses what a forgotten WHERE would leak.
package db

import (
	"bufio"
	"context"
	"database/sql"
	"fmt"
	"io"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgproto3"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
	"gorm.io/driver/postgres"
	"gorm.io/gorm"
	"gorm.io/gorm/logger"
)

// DB is the cabinet's database: GORM for the cabinet's own data, pgx for the
// bulk paths, both over one pool whose connections sign in as a role that owns nothing.
type DB struct {
	Pool *pgxpool.Pool
	sql  *sql.DB  // of the same pool: what lends a connection to both
	gorm *gorm.DB // over sql; never used outside of a transaction

	lists, long    *places       // for reading, by its class
	connectionWait time.Duration // at most for a connection of the pool

	written atomic.Int64 // rows since NoteWritten has looked
}

// Open connects to a migrated database as a login, or without one as the role of the DSN,
// and checks that it answers. maxConns ≤ 0 leaves the size of the pool to its default. Error:
// ErrOwner.
func Open(ctx context.Context, dsn string, login Login, maxConns int32) (*DB, error) {
	config, err := poolConfig(dsn, maxConns)
	if err != nil {
		return nil, err
	}
	login.applyTo(config.ConnConfig)
	config.AfterConnect = holdBounds
	return openPool(ctx, config)
}

// OpenAsOwner connects as the owner of a DSN, who takes the role of the server's login: for
// a command that an operator runs beside the server.
func OpenAsOwner(ctx context.Context, dsn string, login Login) (*DB, error) {
	config, err := poolConfig(dsn, 2)
	if err != nil {
		return nil, err
	}
	config.AfterConnect = func(ctx context.Context, conn *pgx.Conn) error {
		_, err := conn.Exec(ctx, "SET ROLE "+pgx.Identifier{login.Role}.Sanitize())
		return err
	}
	return openPool(ctx, config)
}

func poolConfig(dsn string, maxConns int32) (*pgxpool.Config, error) {
	config, err := pgxpool.ParseConfig(dsn)
	if err != nil {
		return nil, fmt.Errorf("read DATABASE_URL: %w", err)
	}
	if maxConns > 0 {
		config.MaxConns = maxConns
	}
	config.MaxConnIdleTime = 5 * time.Minute
	// A row at a time, PostgreSQL sends pieces of 8 KiB; whoever is behind takes several at once.
	config.ConnConfig.BuildFrontend = func(r io.Reader, w io.Writer) *pgproto3.Frontend {
		return pgproto3.NewFrontend(bufio.NewReaderSize(r, 64<<10), w)
	}
	// Bulk reads are in the binary format, which other modes do not give.
	switch config.ConnConfig.DefaultQueryExecMode {
	case pgx.QueryExecModeCacheStatement, pgx.QueryExecModeCacheDescribe, pgx.QueryExecModeDescribeExec:
		return config, nil
	}
	return nil, fmt.Errorf("DATABASE_URL: default_query_exec_mode may be cache_statement, cache_describe or describe_exec, not %s",
		config.ConnConfig.DefaultQueryExecMode)
}

func openPool(ctx context.Context, config *pgxpool.Config) (*DB, error) {
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return nil, fmt.Errorf("open the database: %w", err)
	}
	if err := pool.Ping(ctx); err != nil {
		pool.Close()
		return nil, fmt.Errorf("reach the database: %w", err)
	}
	connections := stdlib.OpenDBFromPool(pool)
	orm, err := gorm.Open(postgres.New(postgres.Config{Conn: connections}), &gorm.Config{
		Logger:                 logger.Discard, // it would write values; whoever answers an error logs it
		SkipDefaultTransaction: true,
		TranslateError:         false,
	})
	if err != nil {
		pool.Close()
		return nil, fmt.Errorf("open the database: %w", err)
	}
	return &DB{
		Pool: pool, sql: connections, gorm: orm,
		lists: newPlaces(config.MaxConns), long: newPlaces(config.MaxConns), connectionWait: connectionWait,
	}, nil
}

// Ping connects to a database once. Error: Unavailable where it does not answer, or not yet.
func Ping(ctx context.Context, dsn string) error {
	config, err := pgx.ParseConfig(dsn)
	if err != nil {
		return fmt.Errorf("read DATABASE_URL: %w", err)
	}
	conn, err := pgx.ConnectConfig(ctx, config)
	if err != nil {
		return asFault(fmt.Errorf("reach the database: %w", err))
	}
	return conn.Close(ctx)
}

// Close waits for the running transactions and closes the pool.
func (d *DB) Close() {
	_ = d.sql.Close() // it holds no connection of its own
	d.Pool.Close()
}

// connectionWait is how long anybody waits for a connection of the pool.
const connectionWait = 10 * time.Second

// awaitConnection has take wait for a connection, not longer than one may. Errors: Busy, and that of the context.
func (d *DB) awaitConnection(ctx context.Context, take func(waiting context.Context) error) error {
	waiting, stop := context.WithTimeout(ctx, d.connectionWait)
	defer stop()
	err := take(waiting)
	if err != nil && waiting.Err() != nil && ctx.Err() == nil {
		return asBusy()
	}
	return err
}

// retryWhileDead does what may be done twice, and does it again as long as the pool hands out
// connections that have died while nobody used them, as all do when PostgreSQL
// restarts.
func (d *DB) retryWhileDead(ctx context.Context, do func() error) error {
	err := do()
	for left := d.Pool.Stat().MaxConns(); err != nil && isDead(err) && ctx.Err() == nil && left > 0; left-- {
		err = do()
	}
	return err
}
