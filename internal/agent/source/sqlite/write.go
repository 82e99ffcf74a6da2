package sqlite

import (
	"context"
	"database/sql"

	"github.com/interpos/cabinet/internal/agent/source"
)

// Write puts rows into a table, all or none.
func (driver) Write(ctx context.Context, path, table, key string, rows []source.Put) error {
	db, err := sql.Open("sqlite", fileURL(path)+"?mode=rw&_pragma=busy_timeout(5000)&_txlock=immediate")
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
		text, values := dialect.Upsert(table, key, &rows[i])
		args := make([]any, len(values))
		for j, value := range values {
			args[j] = writeArgument(value)
		}
		if _, err := tx.ExecContext(ctx, text, args...); err != nil {
			return err
		}
	}
	return tx.Commit()
}
