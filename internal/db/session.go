package db

import (
	"context"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// BySession runs queries in a transaction that sees, of tenants' tables, the rows that
// say what a user may do in the organizations that it belongs to. Every request of a
// signed-in user begins with it. queue may be called again.
// Errors: ErrNoScope; NotFound where a query of one row finds none.
func (d *DB) BySession(ctx context.Context, user uuid.UUID, queue func(*pgx.Batch)) error {
	if user == uuid.Nil {
		return ErrNoScope
	}
	return d.runBatch(ctx, Scope{User: user}.settings(), queue)
}
