package source

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgtype"
)

type postgresSource struct{ conn *pgx.Conn }

// openPostgres connects with settings that give every value one text.
func openPostgres(ctx context.Context, dsn string) (Source, error) {
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
	return &postgresSource{conn}, nil
}

func (s *postgresSource) Close() error { return s.conn.Close(context.Background()) }

func (s *postgresSource) Columns(ctx context.Context, query string) ([]string, error) {
	rows, err := s.conn.Query(ctx, "SELECT * FROM (\n"+bare(query)+"\n) AS q LIMIT 0")
	if err != nil {
		return nil, explain(err)
	}
	defer rows.Close()
	var names []string
	for _, field := range rows.FieldDescriptions() {
		names = append(names, field.Name)
	}
	rows.Close()
	return names, explain(rows.Err())
}

func (s *postgresSource) Read(ctx context.Context, fn func(Reader) error) error {
	tx, err := s.conn.BeginTx(ctx, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly})
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback(context.WithoutCancel(ctx)) }()
	return fn(postgresReader{tx})
}

func (s *postgresSource) lost(error) bool { return s.conn.IsClosed() }

type postgresReader struct{ tx pgx.Tx }

var postgresDialect = dialect{
	column: func(quoted string) string { return quoted },
	arg:    func(v Value) any { return v.Text },
	mark:   func(n int) string { return "$" + strconv.Itoa(n) },
	in: func(in *In) (string, []any) {
		return " = ANY($1)", []any{arrayLiteral(in.Values)}
	},
}

func (r postgresReader) Select(ctx context.Context, selection Selection, each func(Row) error) error {
	text, args := selection.sql(postgresDialect)
	rows, err := r.tx.Query(ctx, text, append([]any{pgx.QueryResultFormats{pgx.TextFormatCode}}, args...)...)
	if err != nil {
		return explain(err)
	}
	defer rows.Close()
	for rows.Next() {
		fields, cells := rows.FieldDescriptions(), rows.RawValues()
		row := make(Row, len(cells))
		for i, cell := range cells {
			row[i] = postgresValue(fields[i].DataTypeOID, cell)
		}
		if err := each(row); err != nil {
			return err
		}
	}
	return explain(rows.Err())
}

// postgresValue takes the text that PostgreSQL itself writes: exact for
// numeric, the shortest that denotes the same value for real and double.
func postgresValue(oid uint32, cell []byte) Value {
	if cell == nil {
		return Value{}
	}
	switch oid {
	case pgtype.BoolOID:
		return boolean(string(cell) == "t")
	case pgtype.Int2OID, pgtype.Int4OID, pgtype.Int8OID, pgtype.NumericOID, pgtype.Float4OID, pgtype.Float8OID:
		return Value{Number, string(cell)}
	case pgtype.ByteaOID:
		return Value{Blob, string(cell)}
	case pgtype.BPCharOID:
		return Value{Text, strings.TrimRight(string(cell), " ")}
	}
	return Value{Text, string(cell)}
}

// arrayLiteral writes values as PostgreSQL's array input takes them, whatever
// type the array is inferred to have.
func arrayLiteral(values []Value) string {
	escape := strings.NewReplacer(`\`, `\\`, `"`, `\"`)
	quoted := make([]string, len(values))
	for i, value := range values {
		quoted[i] = `"` + escape.Replace(value.Text) + `"`
	}
	return "{" + strings.Join(quoted, ",") + "}"
}

// explain adds PostgreSQL's hint to an error, if there is one.
func explain(err error) error {
	var refused *pgconn.PgError
	if errors.As(err, &refused) && refused.Hint != "" {
		return fmt.Errorf("%w; hint: %s", err, refused.Hint)
	}
	return err
}
