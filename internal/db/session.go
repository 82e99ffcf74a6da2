package db

import (
	"context"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// BySession runs queries in a transaction that sees, of tenants' tables, the rows that
// say what a user may do in the organizations that it belongs to. Every request of a
// signed-in user begins with it: it takes one round trip. queue may be called again.
// Errors: ErrNoScope; NotFound where a query of one row finds none.
func (d *DB) BySession(ctx context.Context, user uuid.UUID, queue func(*pgx.Batch)) error {
	if user == uuid.Nil {
		return ErrNoScope
	}
	return asFault(d.retryWhileDead(ctx, func() error {
		batch := &pgx.Batch{} // without a BEGIN, all of it is one transaction
		batch.Queue("SELECT set_config('app.user_id', $1, true)", user.String())
		queue(batch)
		return d.Pool.SendBatch(ctx, batch).Close()
	}))
}
