// Package scratch is room on the disk for what is too much for the memory of a POS, such as all
// keys of a source: a temporary SQLite database that nobody else sees, and that is gone
// with the process.
package scratch

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"

	_ "modernc.org/sqlite" // the driver "sqlite"
)

// settings keep 2 MiB of pages in memory, and let a sorting have as much. What is lost with the
// process needs no journal.
const settings = `PRAGMA cache_size = -2048; PRAGMA temp_store = FILE;
	PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;`

// DB is one temporary database. It is used by one goroutine at a time; rows may be
// open while others are written to another table.
type DB struct {
	pool *sql.DB
	conn *sql.Conn
}

// Open makes an empty one.
func Open(ctx context.Context) (*DB, error) {
	pool, err := sql.Open("sqlite", "")
	if err != nil {
		return nil, wrapError(err)
	}
	conn, err := pool.Conn(ctx)
	if err != nil {
		_ = pool.Close()
		return nil, wrapError(err)
	}
	d := &DB{pool, conn}
	if _, err := d.Exec(ctx, settings); err != nil {
		_ = d.Close()
		return nil, err
	}
	return d, nil
}

// Close deletes the database.
func (d *DB) Close() error { return errors.Join(d.conn.Close(), d.pool.Close()) }

// Exec runs statements, and counts the rows that the last one has changed.
func (d *DB) Exec(ctx context.Context, text string, args ...any) (changed int64, err error) {
	result, err := d.conn.ExecContext(ctx, text, args...)
	if err != nil {
		return 0, wrapError(err)
	}
	return result.RowsAffected()
}

// Each runs a query, and calls each for its rows with what reads their columns.
func (d *DB) Each(ctx context.Context, each func(scan func(...any) error) error, text string, args ...any) error {
	rows, err := d.conn.QueryContext(ctx, text, args...)
	if err != nil {
		return wrapError(err)
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		if err := each(rows.Scan); err != nil {
			return err
		}
	}
	if err := rows.Err(); err != nil {
		return wrapError(err)
	}
	return nil
}

func wrapError(err error) error { return fmt.Errorf("write temporary files: %w", err) }

// rowsAtOnce are inserted by one statement: it costs as much as a row.
const rowsAtOnce = 50

// Inserter writes many rows into a table, some at a time. Flush writes the last ones.
type Inserter struct {
	db    *DB
	table string
	width int
	args  []any
	full  *sql.Stmt // of rowsAtOnce; nil: not prepared yet
}

// Inserter makes one for a table with so many columns.
func (d *DB) Inserter(table string, columns int) *Inserter {
	return &Inserter{db: d, table: table, width: columns, args: make([]any, 0, columns*rowsAtOnce)}
}

// Add takes a row, with a value for each column.
func (i *Inserter) Add(ctx context.Context, values ...any) (err error) {
	i.args = append(i.args, values...)
	if len(i.args) < i.width*rowsAtOnce {
		return nil
	}
	if i.full == nil {
		if i.full, err = i.db.conn.PrepareContext(ctx, i.statement(rowsAtOnce)); err != nil {
			return wrapError(err)
		}
	}
	if _, err := i.full.ExecContext(ctx, i.args...); err != nil {
		return wrapError(err)
	}
	i.args = i.args[:0]
	return nil
}

func (i *Inserter) statement(rows int) string {
	row := "(?" + strings.Repeat(",?", i.width-1) + ")"
	return "INSERT OR REPLACE INTO " + i.table + " VALUES " + row + strings.Repeat(","+row, rows-1)
}

// Flush writes what was added and is not written yet.
func (i *Inserter) Flush(ctx context.Context) error {
	if len(i.args) == 0 {
		return nil
	}
	_, err := i.db.Exec(ctx, i.statement(len(i.args)/i.width), i.args...)
	i.args = i.args[:0]
	return err
}

// Close ends the inserting. What is not flushed is not written.
func (i *Inserter) Close() {
	if i.full != nil {
		_ = i.full.Close()
	}
}
