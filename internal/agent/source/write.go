package source

import (
	"context"
	"database/sql"
	"fmt"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"
)

// Put is a row to be written: inserted, or the row with its key updated.
type Put struct {
	Key     string
	Columns []string // beside the key
	Values  []Value
	Delete  bool // the row with the key is deleted instead
	Update  bool // a row that is not there is not made
}

// Write puts rows into a table of the source, all or none, in a short transaction
// of a connection of its own. It is the one thing that is ever written there, and
// only where the mapping names a table. The column key needs a unique index.
func Write(ctx context.Context, driver, dsn, table, key string, rows []Put) error {
	switch driver {
	case SQLite:
		return writeSQLite(ctx, dsn, table, key, rows)
	case Postgres:
		return writePostgres(ctx, dsn, table, key, rows)
	}
	return fmt.Errorf("the driver %q takes no tables", driver)
}

// sql is the statement that writes the row, with its arguments in order.
func (p *Put) sql(table, key string, mark func(n int) string) (text string, values []Value) {
	name, id := qualified(table), Value{Text, p.Key}
	var sets, marks []string
	for i, column := range p.Columns {
		marks = append(marks, mark(i+1))
		sets = append(sets, quote(column)+" = "+mark(i+1))
	}
	last := mark(len(p.Columns) + 1)
	switch {
	case p.Delete:
		return "DELETE FROM " + name + " WHERE " + quote(key) + " = " + mark(1), []Value{id}
	case p.Update:
		return "UPDATE " + name + " SET " + strings.Join(sets, ", ") + " WHERE " + quote(key) + " = " + last, append(p.Values[:len(p.Values):len(p.Values)], id)
	}
	var columns, taken []string
	for _, column := range p.Columns {
		columns = append(columns, quote(column))
		taken = append(taken, quote(column)+" = excluded."+quote(column))
	}
	text = "INSERT INTO " + name + " (" + strings.Join(append(columns, quote(key)), ", ") + ") VALUES (" +
		strings.Join(append(marks, last), ", ") + ") ON CONFLICT (" + quote(key) + ") DO UPDATE SET " + strings.Join(taken, ", ")
	return text, append(p.Values[:len(p.Values):len(p.Values)], id)
}

// qualified quotes a table's name, with that of its schema if it has one.
func qualified(table string) string {
	parts := strings.Split(table, ".")
	for i := range parts {
		parts[i] = quote(parts[i])
	}
	return strings.Join(parts, ".")
}

func writeSQLite(ctx context.Context, path, table, key string, rows []Put) error {
	db, err := sql.Open("sqlite", sqliteFile(path)+"?mode=rw&_pragma=busy_timeout(5000)&_txlock=immediate")
	if err != nil {
		return err
	}
	defer func() { _ = db.Close() }()
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }()
	for i := range rows {
		text, values := rows[i].sql(table, key, func(n int) string { return "?" + strconv.Itoa(n) })
		args := make([]any, len(values))
		for j, value := range values {
			args[j] = sqliteCell(value)
		}
		if _, err := tx.ExecContext(ctx, text, args...); err != nil {
			return err
		}
	}
	return tx.Commit()
}

// sqliteCell leaves a decimal to the column's affinity: a text stays digit by digit.
func sqliteCell(v Value) any {
	switch v.Type {
	case Null:
		return nil
	case Bool:
		return v.Text == "true"
	case Number:
		if whole, err := strconv.ParseInt(v.Text, 10, 64); err == nil {
			return whole
		}
	}
	return v.Text
}

func writePostgres(ctx context.Context, dsn, table, key string, rows []Put) error {
	conn, err := pgx.Connect(ctx, dsn)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close(context.WithoutCancel(ctx)) }()
	return pgx.BeginFunc(ctx, conn, func(tx pgx.Tx) error {
		for i := range rows {
			text, values := rows[i].sql(table, key, postgresDialect.mark)
			args := make([]any, len(values))
			for j, value := range values {
				if !value.IsNull() {
					args[j] = value.Text // PostgreSQL reads it as the column's type
				}
			}
			if _, err := tx.Exec(ctx, text, args...); err != nil {
				return explain(err)
			}
		}
		return nil
	})
}
