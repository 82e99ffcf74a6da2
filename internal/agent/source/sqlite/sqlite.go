// Package sqlite reads SQLite files.
package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"time"

	"modernc.org/sqlite" // also the driver "sqlite" of database/sql
	sqlite3 "modernc.org/sqlite/lib"

	"github.com/interpos/cabinet/internal/agent/source"
)

func init() { source.Register("sqlite", driver{}) }

// maxKeys is less than the 32,766 values that a statement takes.
const maxKeys = 10_000

type driver struct{}

// Open opens a file to read, waiting at most five seconds for a writer.
func (driver) Open(ctx context.Context, path string) (source.Source, error) {
	if _, err := os.Stat(path); err != nil {
		return nil, fmt.Errorf("open the source: %w", err)
	}
	db, err := sql.Open("sqlite", fileURL(path)+"?mode=ro&_dqs=0&_pragma=busy_timeout(5000)&_pragma=query_only(1)")
	if err != nil {
		return nil, fmt.Errorf("open the source %s: %w", path, err)
	}
	db.SetMaxOpenConns(1)
	if err := db.PingContext(ctx); err != nil {
		_ = db.Close()
		return nil, fmt.Errorf("open the source %s: %w", path, explain(err))
	}
	d := &database{db: db, journal: path + "-journal"}
	if d.shares, err = d.hasWriteAheadLog(ctx); err != nil {
		_ = db.Close()
		return nil, fmt.Errorf("open the source %s: %w", path, explain(err))
	}
	return d, nil
}

// Resolve looks for a relative path in the folder of the mapping.
func (driver) Resolve(path, folder string) string {
	if filepath.IsAbs(path) {
		return path
	}
	return filepath.Join(folder, path)
}

// Replaceable is true: a POS restores its backups by putting another file in place.
func (driver) Replaceable() bool { return true }

func fileURL(path string) string {
	path = filepath.ToSlash(path)
	if filepath.VolumeName(filepath.FromSlash(path)) != "" {
		path = "/" + path
	}
	return "file:" + (&url.URL{Path: path}).EscapedPath()
}

// database is an open file.
type database struct {
	db      *sql.DB
	journal string // file that is there while the POS writes, unless database shares
	shares  bool   // it has a write-ahead log: nobody waits for a reader
	gaveWay time.Time
}

// Close closes the file.
func (d *database) Close() error { return d.db.Close() }

func (d *database) hasWriteAheadLog(ctx context.Context) (bool, error) {
	var mode string
	err := d.db.QueryRowContext(ctx, "PRAGMA journal_mode").Scan(&mode)
	return mode == "wal", err
}

// RowsAtOnce is small for a while after the POS has had to wait.
func (d *database) RowsAtOnce() int {
	if time.Since(d.gaveWay) > busyFor {
		return 0
	}
	return rowsAtOnce
}

// Columns are those of the result of a query. SQLite gives a name that stands twice another ending
// in what is around it: so the query is asked by itself, too.
func (d *database) Columns(ctx context.Context, query string) (columns []source.Column, err error) {
	if _, err := d.db.ExecContext(ctx, source.NoRows(query)); err != nil { // it notices a table that was changed
		return nil, explain(err)
	}
	conn, err := d.db.Conn(ctx)
	if err != nil {
		return nil, err
	}
	defer func() { _ = conn.Close() }()
	return columns, conn.Raw(func(driverConn any) error {
		described, err := driverConn.(describer).ColumnInfo(query)
		for _, one := range described {
			columns = append(columns, source.Column{Name: one.Name, Table: one.TableName})
		}
		return err
	})
}

// describer is what a connection of this driver can do beside what database/sql knows.
type describer interface {
	ColumnInfo(query string) ([]sqlite.ColumnInfo, error)
}

// explain adds to an error of SQLite what a technician can do about it.
func explain(err error) error {
	var failure *sqlite.Error
	if !errors.As(err, &failure) {
		return err
	}
	switch failure.Code() & 0xff {
	case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED:
		return fmt.Errorf("%w: another program has held the file for more than 5 seconds, such as a copy, a report or a transaction that was left open; it is read when that lets go of it", err)
	case sqlite3.SQLITE_NOTADB:
		return fmt.Errorf("%w: the file is no SQLite database, or one that is encrypted", err)
	case sqlite3.SQLITE_CORRUPT:
		return fmt.Errorf("%w: the file is damaged; `PRAGMA integrity_check` says where", err)
	case sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM, sqlite3.SQLITE_AUTH:
		return fmt.Errorf("%w: see that the agent's user may read the file and, where there is a -wal file beside it, write its folder", err)
	}
	return err
}

// Lost is true for a file that is locked, damaged, or no database.
func (d *database) Lost(err error) bool {
	var failure *sqlite.Error
	if !errors.As(err, &failure) {
		return false
	}
	switch failure.Code() & 0xff {
	case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_NOTADB:
		return true
	}
	return false
}

type reader struct {
	tx     *sql.Tx
	ctx    context.Context //nolint:containedctx // that of the transaction, which ends where a writer comes
	look   func()          // for a writer
	looked time.Time
}

// goesOn says whether no writer has come.
func (r *reader) goesOn() bool {
	if time.Since(r.looked) > lookEvery {
		r.look()
		r.looked = time.Now()
	}
	return r.ctx.Err() == nil
}

// MaxKeys is how many values one statement may name.
func (*reader) MaxKeys() int { return maxKeys }

// Select calls each for every row.
func (r *reader) Select(_ context.Context, selection source.Selection, each func(source.Row) error) error {
	text, args := dialect.SQL(selection)
	rows, err := r.tx.QueryContext(r.ctx, text, args...)
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }()
	cells, pointers := make([]any, len(selection.Columns)), make([]any, len(selection.Columns))
	for i := range cells {
		pointers[i] = &cells[i]
	}
	for rows.Next() {
		if err := rows.Scan(pointers...); err != nil {
			return err
		}
		row := make(source.Row, len(cells))
		for i, cell := range cells {
			row[i] = valueOf(cell)
		}
		if err := each(row); err != nil {
			return err
		}
		if !r.goesOn() {
			return context.Cause(r.ctx)
		}
	}
	return rows.Err()
}
