package organization

import (
	"context"
	"errors"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/interpos/cabinet/internal/db"
	"github.com/interpos/cabinet/internal/fault"
)

// BySyncKey finds the organization that a sync key belongs to. Error: SyncKeyInvalid.
func (o *Organizations) BySyncKey(ctx context.Context, key string) (organization uuid.UUID, err error) {
	if !wellFormed(key) {
		return uuid.Nil, errKeyInvalid
	}
	hash := hashOf(key)
	// An archived organization has no key that is not replaced.
	const find = `SELECT organization_id FROM sync_keys WHERE key_hash = $1 AND replaced_at IS NULL`
	err = o.db.BySyncKey(ctx, hash, find, func(row pgx.Row) error { return row.Scan(&organization) })
	if errors.Is(err, pgx.ErrNoRows) {
		return uuid.Nil, errKeyInvalid
	}
	return organization, err
}

var errKeyInvalid = fault.New(fault.SyncKeyInvalid, "The sync key is not valid: mistyped, replaced, or its organization is archived.")

// Profile gives what synchronization and reports need. Error: NotFound.
func (o *Organizations) Profile(ctx context.Context, organization uuid.UUID) (profile Profile, err error) {
	err = o.inScope(ctx, db.Scope{Organization: organization}, func(s store) error {
		row, err := s.findOrganization(organization, false)
		profile = row.toProfile()
		return err
	})
	return profile, err
}
