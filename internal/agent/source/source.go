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
	// Columns are those of the result of a query.
	Columns(ctx context.Context, query string) ([]Column, error)
	// Read calls fn in a transaction that sees one state of the database. Where the POS has to wait
	// for it, the transaction ends, and fn is called once more in another one: what it was
	// given before counts for nothing.
	Read(ctx context.Context, fn func(Reader) error) error
	// Scan calls each for every row of a selection. Where the POS has to wait for it, it ends its
	// transaction, and goes on in another one by the columns of OrderBy; else their order is not kept.
	Scan(ctx context.Context, selection Selection, each func(Row) error) error
	// Holds says whether the POS has to wait until a scan is through, since no index gives its order.
	Holds(ctx context.Context, selection Selection) (bool, error)
	// RowsAtOnce is how many rows Read is asked for at the most, so that the POS need not wait long; 0:
	// it never waits.
	RowsAtOnce() int
	// Lost says whether after an error of a reading nothing else can be read for now.
	Lost(err error) bool
	Close() error
}

// Column is one of the result of a query.
type Column struct {
	Name  string
	Table string // that it is taken from as it stands; empty: it is computed
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
