package db

import (
	"context"
	"encoding/hex"
	"errors"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// Scope names for whom a transaction runs. Row-level security shows it the rows
// of Organization, and of User those that say to which organizations a user
// belongs.
type Scope struct {
	Organization uuid.UUID
	User         uuid.UUID
}

// ErrNoScope is returned for a scope that names nobody.
var ErrNoScope = errors.New("db: a scope needs an organization or a user")

const (
	begin = "BEGIN"
	// beginSnapshot: every statement of the transaction sees the same state of the database.
	beginSnapshot = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
)

// setLocal is what row-level security goes by, for this transaction alone: never set_config(),
// which an engine that distributes tables does not pass on (decision 48). The value is a UUID,
// hexadecimal or a constant: nothing that would need quoting.
func setLocal(name, value string) string { return "; SET LOCAL " + name + " = '" + value + "'" }

// settings are the statements that set the scope.
func (s Scope) settings() (statement string) {
	if s.Organization != uuid.Nil {
		statement += setLocal("app.organization_id", s.Organization.String())
	}
	if s.User != uuid.Nil {
		statement += setLocal("app.user_id", s.User.String())
	}
	return statement
}

// Global runs fn in a transaction without a tenant: for the tables that belong
// to no organization (users, sessions, mail tokens).
func (d *DB) Global(ctx context.Context, fn func(tx Tx) error) error {
	return d.inTransaction(ctx, begin, fn)
}

// Scoped runs fn in a transaction that sees the scope's rows and no others.
// Error: ErrNoScope.
func (d *DB) Scoped(ctx context.Context, scope Scope, fn func(tx Tx) error) error {
	if scope == (Scope{}) {
		return ErrNoScope
	}
	return d.inTransaction(ctx, begin+scope.settings(), fn)
}

// ForOrganization is Scoped for the rows of one organization.
func (d *DB) ForOrganization(ctx context.Context, organization uuid.UUID, fn func(tx Tx) error) error {
	return d.Scoped(ctx, Scope{Organization: organization}, fn)
}

// ForUser is Scoped for the rows that say to which organizations a user belongs.
func (d *DB) ForUser(ctx context.Context, user uuid.UUID, fn func(tx Tx) error) error {
	return d.Scoped(ctx, Scope{User: user}, fn)
}

// Snapshot is ForOrganization, read-only, with every statement seeing the same state
// of the database (REPEATABLE READ): a list and its total, a report's rows and its
// sums, agree. Work of a class waits for a place before it takes a connection. Errors: those of takePlace.
func (d *DB) Snapshot(ctx context.Context, organization uuid.UUID, fn func(tx Tx) error) error {
	if organization == uuid.Nil {
		return ErrNoScope
	}
	leave, err := d.takePlace(ctx, organization)
	if err != nil {
		return err
	}
	defer leave()
	return d.inTransaction(ctx, beginSnapshot+Scope{Organization: organization}.settings(), fn)
}

// System runs fn in a transaction that sees, of every organization, the
// positions of feeds and projections and the renewals of licenses, and nothing
// else: for background work that has to find out where there is something to do,
// and for the operator, who knows a renewal by its number.
func (d *DB) System(ctx context.Context, fn func(tx Tx) error) error {
	return d.inTransaction(ctx, begin+setLocal("app.system", "on"), fn)
}

// BySyncKey runs one query, whose only argument is the hash, in a transaction that
// sees the one sync key with that hash and nothing else. Every request of a device
// begins with it.
func (d *DB) BySyncKey(ctx context.Context, hash []byte, query string, scan func(pgx.Row) error) error {
	return d.runBatch(ctx, setLocal("app.sync_key_hash", hex.EncodeToString(hash)), func(batch *pgx.Batch) {
		batch.Queue(query, hash).QueryRow(scan)
	})
}

// runBatch runs a batch in a transaction with settings, and commits it: two round trips in all.
// queue may be called again. A connection whose batch failed is not used again.
func (d *DB) runBatch(ctx context.Context, settings string, queue func(*pgx.Batch)) error {
	return asFault(d.retryWhileDead(ctx, func() error {
		conn, err := d.acquire(ctx)
		if err != nil {
			return err
		}
		defer conn.Release()
		if _, err := conn.Exec(ctx, begin+settings); err != nil {
			return err
		}
		batch := &pgx.Batch{}
		queue(batch)
		batch.Queue("COMMIT")
		return conn.SendBatch(ctx, batch).Close()
	}))
}
