// Package postgres reads PostgreSQL databases.
package postgres

import (
	"context"
	"errors"
	"fmt"
	"slices"

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

// Columns are those of the result of a query.
func (d *database) Columns(ctx context.Context, query string) ([]source.Column, error) {
	rows, err := d.conn.Query(ctx, source.NoRows(query))
	if err != nil {
		return nil, withHint(err)
	}
	defer rows.Close()
	fields := slices.Clone(rows.FieldDescriptions())
	rows.Close()
	if err := rows.Err(); err != nil {
		return nil, withHint(err)
	}
	tables := make([]uint32, len(fields))
	for i, field := range fields {
		tables[i] = field.TableOID
	}
	names, err := d.namesOf(ctx, "CASE WHEN oid = 0 THEN '' ELSE oid::regclass::text END", tables)
	if err != nil {
		return nil, withHint(err)
	}
	columns := make([]source.Column, len(fields))
	for i, field := range fields {
		columns[i] = source.Column{Name: field.Name, Table: names[i]}
	}
	return columns, nil
}

// namesOf gives what an expression says of each oid.
func (d *database) namesOf(ctx context.Context, expression string, oids []uint32) ([]string, error) {
	rows, err := d.conn.Query(ctx, "SELECT "+expression+" FROM unnest($1::oid[]) WITH ORDINALITY AS o (oid, n) ORDER BY n", oids)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowTo[string])
}

// Read calls fn in a transaction that sees one state of the database.
func (d *database) Read(ctx context.Context, fn func(source.Reader) error) error {
	tx, err := d.conn.BeginTx(ctx, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly})
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback(context.WithoutCancel(ctx)) }()
	return fn(reader{d, tx})
}

// Scan calls each for every row, in one transaction: nobody waits for it.
func (d *database) Scan(ctx context.Context, selection source.Selection, each func(source.Row) error) error {
	selection.OrderBy = nil
	return d.Read(ctx, func(reader source.Reader) error { return reader.Select(ctx, selection, each) })
}

// Holds is false: nobody waits for a reader.
func (d *database) Holds(context.Context, source.Selection) (bool, error) { return false, nil }

// RowsAtOnce is 0: nobody waits for a reader.
func (d *database) RowsAtOnce() int { return 0 }

// Lost is true once the connection has ended.
func (d *database) Lost(error) bool { return d.conn.IsClosed() }

type reader struct {
	database *database
	tx       pgx.Tx
}

// MaxKeys is how many values one statement may name.
func (reader) MaxKeys() int { return maxKeys }

// Select calls each for every row.
func (r reader) Select(ctx context.Context, selection source.Selection, each func(source.Row) error) error {
	text, args, err := r.statement(ctx, selection)
	if err != nil {
		return withHint(err)
	}
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

// statement is the selection as SQL. Values of several columns come as arrays, whose types PostgreSQL
// has to be told.
func (r reader) statement(ctx context.Context, selection source.Selection) (text string, args []any, err error) {
	in := selection.In
	if in == nil || len(in.Columns) == 1 {
		text, args = dialect.SQL(selection)
		return text, args, nil
	}
	types, err := r.typesOf(ctx, selection.Query, in.Columns)
	if err != nil {
		return "", nil, err
	}
	several := dialect
	several.In = func(in *source.In) (string, []any) { return inRows(in, types) }
	text, args = several.SQL(selection)
	return text, args, nil
}

const typeName = `(SELECT quote_ident(s.nspname) || '.' || quote_ident(t.typname)
	FROM pg_type t JOIN pg_namespace s ON s.oid = t.typnamespace WHERE t.oid = o.oid)`

func (r reader) typesOf(ctx context.Context, query string, columns []string) ([]string, error) {
	text, _ := dialect.SQL(source.Selection{Query: query, Columns: columns})
	described, err := r.tx.Prepare(ctx, "", text)
	if err != nil {
		return nil, err
	}
	oids := make([]uint32, len(described.Fields))
	for i, field := range described.Fields {
		oids[i] = field.DataTypeOID
	}
	return r.database.namesOf(ctx, typeName, oids)
}

// withHint adds PostgreSQL's hint to an error, if there is one.
func withHint(err error) error {
	var refused *pgconn.PgError
	if errors.As(err, &refused) && refused.Hint != "" {
		return fmt.Errorf("%w; hint: %s", err, refused.Hint)
	}
	return err
}
