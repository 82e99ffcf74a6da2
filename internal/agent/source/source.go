// Package source reads the venue's local database, whatever it is, as rows of
// exact values. It only reads, in short transactions, so that the till never
// waits for it.
package source

import (
	"context"
	"fmt"
)

// Drivers that Open knows.
const (
	SQLite   = "sqlite"
	Postgres = "postgres"
)

// Source is one local database. It is used by one goroutine at a time.
type Source interface {
	// Columns are the names in the result of a query.
	Columns(ctx context.Context, query string) ([]string, error)
	// Read calls fn in a transaction that sees one state of the database.
	Read(ctx context.Context, fn func(Reader) error) error
	Close() error
	// lost says whether after an error of a reading nothing else can be read for now.
	lost(err error) bool
}

// Reader selects within one transaction.
type Reader interface {
	// Select calls each for every row. The row is each's own.
	Select(ctx context.Context, selection Selection, each func(Row) error) error
}

// Row holds a value for each column of a selection, in its order.
type Row []Value

// Open opens a local database to read from. dsn is a file for SQLite, a
// connection string or URL for PostgreSQL.
func Open(ctx context.Context, driver, dsn string) (Source, error) {
	switch driver {
	case SQLite:
		return openSQLite(ctx, dsn)
	case Postgres:
		return openPostgres(ctx, dsn)
	}
	return nil, fmt.Errorf("the driver %q is not known: use %s or %s", driver, SQLite, Postgres)
}
