// Package postgres reads PostgreSQL databases.
package postgres

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/interpos/cabinet/internal/agent/source"
)

func init() { source.Register("postgres", driver{}) }

// maxKeys bounds how long the array of one statement becomes.
const maxKeys = 10_000

type driver struct{}

// Open connects, by a connection string or URL, with settings that give every value one text.
func (driver) Open(ctx context.Context, dsn string) (source.Source, error) {
	config, err := pgx.ParseConfig(dsn)
	if err != nil {
		return nil, fmt.Errorf("open the source: %w", err)
	}
	for name, value := range map[string]string{
		"application_name": "interpos-agent", "timezone": "UTC", "datestyle": "ISO, YMD",
		"extra_float_digits": "1", "bytea_output": "hex", "default_transaction_read_only": "on",
		"idle_in_transaction_session_timeout": "60000",
	} {
		config.RuntimeParams[name] = value
	}
	conn, err := pgx.ConnectConfig(ctx, config)
	if err != nil {
		return nil, fmt.Errorf("open the source: %w", err)
	}
	return &database{conn}, nil
}

// Resolve gives the dsn as it is: it names no file.
func (driver) Resolve(dsn, _ string) string { return dsn }

// Replaceable is false: a database that is replaced ends its connections.
func (driver) Replaceable() bool { return false }

type database struct{ conn *pgx.Conn }

// Close ends the connection.
func (d *database) Close() error { return d.conn.Close(context.Background()) }

// Columns are the names in the result of a query.
func (d *database) Columns(ctx context.Context, query string) ([]string, error) {
	rows, err := d.conn.Query(ctx, source.NoRows(query))
	if err != nil {
		return nil, withHint(err)
	}
	defer rows.Close()
	var names []string
	for _, field := range rows.FieldDescriptions() {
		names = append(names, field.Name)
	}
	rows.Close()
	return names, withHint(rows.Err())
}

// Read calls fn in a transaction that sees one state of the database.
func (d *database) Read(ctx context.Context, fn func(source.Reader) error) error {
	tx, err := d.conn.BeginTx(ctx, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly})
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback(context.WithoutCancel(ctx)) }()
	return fn(reader{tx})
}

// Lost is true once the connection has ended.
func (d *database) Lost(error) bool { return d.conn.IsClosed() }

type reader struct{ tx pgx.Tx }

// MaxKeys is how many values one statement may name.
func (reader) MaxKeys() int { return maxKeys }

// Select calls each for every row.
func (r reader) Select(ctx context.Context, selection source.Selection, each func(source.Row) error) error {
	text, args := dialect.SQL(selection)
	rows, err := r.tx.Query(ctx, text, append([]any{pgx.QueryResultFormats{pgx.TextFormatCode}}, args...)...)
	if err != nil {
		return withHint(err)
	}
	defer rows.Close()
	for rows.Next() {
		fields, cells := rows.FieldDescriptions(), rows.RawValues()
		row := make(source.Row, len(cells))
		for i, cell := range cells {
			row[i] = valueOf(fields[i].DataTypeOID, cell)
		}
		if err := each(row); err != nil {
			return err
		}
	}
	return withHint(rows.Err())
}

// withHint adds PostgreSQL's hint to an error, if there is one.
func withHint(err error) error {
	var refused *pgconn.PgError
	if errors.As(err, &refused) && refused.Hint != "" {
		return fmt.Errorf("%w; hint: %s", err, refused.Hint)
	}
	return err
}
