package db

import (
	"context"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// Snapshot runs fn in a read-only pgx transaction of one organization in which
// every statement sees the same state of the database (REPEATABLE READ): a
// list and its total, a report's rows and its sums, agree.
func (d *DB) Snapshot(ctx context.Context, organization uuid.UUID, fn func(tx pgx.Tx) error) error {
	if organization == uuid.Nil {
		return ErrNoScope
	}
	return d.begin(ctx, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", "app.organization_id", organization.String(), fn)
}
