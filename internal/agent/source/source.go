// Package source reads the outlet's local database, whatever it is, as rows of
// exact values. It only reads, in short transactions, so that the POS never
// waits for it. Each sort of database is a driver: a package of its own that
// registers itself.
package source

import (
	"context"
)

// Source is one local database. It is used by one goroutine at a time.
type Source interface {
	// Columns are the names in the result of a query.
	Columns(ctx context.Context, query string) ([]string, error)
	// Read calls fn in a transaction that sees one state of the database.
	Read(ctx context.Context, fn func(Reader) error) error
	// Lost says whether after an error of a reading nothing else can be read for now.
	Lost(err error) bool
	Close() error
}

// Reader selects within one transaction.
type Reader interface {
	// Select calls each for every row. The row is each's own.
	Select(ctx context.Context, selection Selection, each func(Row) error) error
	// MaxKeys is how many values In may hold.
	MaxKeys() int
}

// Row holds a value for each column of a selection, in its order.
type Row []Value
