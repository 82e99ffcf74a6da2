package postgres

import (
	"context"

	"github.com/jackc/pgx/v5"

	"github.com/interpos/cabinet/internal/agent/source"
)

// Write puts rows into a table, all or none.
func (driver) Write(ctx context.Context, dsn, table, key string, rows []source.Put) error {
	conn, err := pgx.Connect(ctx, dsn)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close(context.WithoutCancel(ctx)) }()
	return pgx.BeginFunc(ctx, conn, func(tx pgx.Tx) error {
		for i := range rows {
			text, values := dialect.Upsert(table, key, &rows[i])
			args := make([]any, len(values))
			for j, value := range values {
				if !value.IsNull() {
					args[j] = value.Text // PostgreSQL reads it as the column's type
				}
			}
			if _, err := tx.Exec(ctx, text, args...); err != nil {
				return withHint(err)
			}
		}
		return nil
	})
}
