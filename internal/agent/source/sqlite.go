package source

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"modernc.org/sqlite" // also the driver "sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

type sqliteSource struct{ db *sql.DB }

// openSQLite opens a file to read, waiting at most five seconds for a writer.
func openSQLite(ctx context.Context, path string) (Source, error) {
	if _, err := os.Stat(path); err != nil {
		return nil, fmt.Errorf("open the source: %w", err)
	}
	db, err := sql.Open("sqlite", sqliteURL(path))
	if err != nil {
		return nil, fmt.Errorf("open the source %s: %w", path, err)
	}
	db.SetMaxOpenConns(1)
	if err := db.PingContext(ctx); err != nil {
		_ = db.Close()
		return nil, fmt.Errorf("open the source %s: %w", path, err)
	}
	return &sqliteSource{db}, nil
}

func sqliteURL(path string) string {
	return sqliteFile(path) + "?mode=ro&_pragma=busy_timeout(5000)&_pragma=query_only(1)"
}

func sqliteFile(path string) string {
	path = filepath.ToSlash(path)
	if filepath.VolumeName(filepath.FromSlash(path)) != "" {
		path = "/" + path
	}
	return "file:" + (&url.URL{Path: path}).EscapedPath()
}

func (s *sqliteSource) Close() error { return s.db.Close() }

func (s *sqliteSource) Columns(ctx context.Context, query string) ([]string, error) {
	rows, err := s.db.QueryContext(ctx, "SELECT * FROM (\n"+bare(query)+"\n) AS q LIMIT 0")
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	return rows.Columns()
}

func (s *sqliteSource) Read(ctx context.Context, fn func(Reader) error) error {
	tx, err := s.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }()
	return fn(sqliteReader{tx})
}

// lost is true for a file that is locked, damaged, or no database.
func (s *sqliteSource) lost(err error) bool {
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

type sqliteReader struct{ tx *sql.Tx }

// sqliteDialect hides the declared types of columns (by the plus), since the
// driver would turn what it takes for times into times of its own.
var sqliteDialect = dialect{
	column: func(quoted string) string { return "+" + quoted },
	arg:    sqliteArg,
	mark:   func(int) string { return "?" },
	in: func(in *In) (string, []any) {
		args := make([]any, len(in.Values))
		for i, value := range in.Values {
			args[i] = sqliteArg(value)
		}
		return " IN (?" + strings.Repeat(",?", max(0, len(args)-1)) + ")", args
	},
}

func (r sqliteReader) Select(ctx context.Context, selection Selection, each func(Row) error) error {
	text, args := selection.sql(sqliteDialect)
	rows, err := r.tx.QueryContext(ctx, text, args...)
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
		row := make(Row, len(cells))
		for i, cell := range cells {
			row[i] = sqliteValue(cell)
		}
		if err := each(row); err != nil {
			return err
		}
	}
	return rows.Err()
}

func sqliteValue(cell any) Value {
	switch v := cell.(type) {
	case nil:
		return Value{}
	case int64:
		return Value{Number, strconv.FormatInt(v, 10)}
	case float64:
		return Value{Number, strconv.FormatFloat(v, 'f', -1, 64)}
	case string:
		return Value{Text, v}
	case []byte:
		return Value{Blob, string(v)}
	case bool:
		return boolean(v)
	}
	return Value{Text, fmt.Sprint(cell)}
}

// sqliteArg gives a value back to SQLite in the storage class that it had.
func sqliteArg(v Value) any {
	switch v.Type {
	case Null:
		return nil
	case Blob:
		return []byte(v.Text)
	case Number:
		if whole, err := strconv.ParseInt(v.Text, 10, 64); err == nil {
			return whole
		}
		if double, err := strconv.ParseFloat(v.Text, 64); err == nil {
			return double
		}
	}
	return v.Text
}
