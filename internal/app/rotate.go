package app

import (
	"context"
	"log/slog"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/interpos/cabinet/internal/db"
	"github.com/interpos/cabinet/internal/seal"
	"github.com/interpos/cabinet/internal/security"
)

// sealedPlace is where sealed values stand.
type sealedPlace struct {
	// list gives id, context and sealed value of the rows behind an id ($1), in its order.
	list string
	// replace puts a value ($2) in the place of the one that was read ($3), by id ($1).
	replace string
}

// sealedPlaces are all places with sealed values that belong to no organization.
var sealedPlaces = []sealedPlace{
	{
		list:    `SELECT id, convert_to(id, 'UTF8'), private_key FROM license_keys WHERE id > $1 ORDER BY id LIMIT 500`,
		replace: `UPDATE license_keys SET private_key = $2 WHERE id = $1 AND private_key = $3`,
	},
	{
		list: `SELECT encode(key_hash, 'hex'), key_hash, answer FROM idempotency_keys
WHERE key_hash > decode($1, 'hex') AND answer IS NOT NULL ORDER BY key_hash LIMIT 500`,
		replace: `UPDATE idempotency_keys SET answer = $2 WHERE key_hash = decode($1, 'hex') AND answer = $3`,
	},
	{
		list: `SELECT id::text, convert_to('letter', 'UTF8'), decode(args->>'sealed', 'base64') FROM river_job
WHERE kind = 'letter' AND finalized_at IS NULL AND id::text > $1 ORDER BY id::text LIMIT 500`,
		replace: `UPDATE river_job SET args = jsonb_build_object('sealed', translate(encode($2::bytea, 'base64'), E'\n', ''))
WHERE id::text = $1 AND decode(args->>'sealed', 'base64') = $3`,
	},
}

// sealedKeys are the sync keys of the organization that the transaction is for.
var sealedKeys = sealedPlace{
	list: `SELECT id::text, uuid_send(organization_id), key_encrypted FROM sync_keys
WHERE organization_id = current_setting('app.organization_id')::uuid AND id::text > $1 ORDER BY id::text LIMIT 500`,
	replace: `UPDATE sync_keys SET key_encrypted = $2
WHERE organization_id = current_setting('app.organization_id')::uuid AND id::text = $1 AND key_encrypted = $3`,
}

// Rotated says what became of the sealed values.
type Rotated struct {
	Renewed int // sealed with the secret of now
	Lost    int // opened by none of the secrets that are set
}

// RotateSecret seals with the secret of now whatever is sealed with the one before. It works
// beside running servers that have both, and may be broken off and run again.
func RotateSecret(ctx context.Context, config Config, log *slog.Logger) (rotated Rotated, err error) {
	keys, err := config.loadKeys(log)
	if err != nil {
		return rotated, err
	}
	err = withMigrated(ctx, config, log, func(database *db.DB) error {
		for _, place := range sealedPlaces {
			if err := rotated.renew(ctx, keys.sealer, place, database.Global); err != nil {
				return err
			}
		}
		return eachOrganization(ctx, database, uuid.Nil, func(organization uuid.UUID) error {
			return rotated.renew(ctx, keys.sealer, sealedKeys, func(ctx context.Context, fn func(db.Tx) error) error {
				return database.ForOrganization(ctx, organization, fn)
			})
		})
	})
	if err == nil {
		keys.events.Write(ctx, security.SecretRotated, security.Subject{})
	}
	return rotated, err
}

// sealedRow is a row with a sealed value.
type sealedRow struct {
	ID              string
	Context, Sealed []byte
}

// renew goes through a place, a transaction for each 500 rows.
func (r *Rotated) renew(ctx context.Context, sealer *seal.Sealer, place sealedPlace, inTransaction func(context.Context, func(db.Tx) error) error) error {
	last, more := "", true
	for more {
		var of Rotated
		err := inTransaction(ctx, func(tx db.Tx) error {
			found, err := tx.Query(ctx, place.list, last)
			if err != nil {
				return err
			}
			rows, err := pgx.CollectRows(found, pgx.RowToStructByPos[sealedRow])
			if more = len(rows) > 0; err != nil || !more {
				return err
			}
			last = rows[len(rows)-1].ID
			of, err = renewRows(ctx, tx, sealer, place, rows)
			return err
		})
		if err != nil {
			return err
		}
		r.Renewed += of.Renewed
		r.Lost += of.Lost
	}
	return nil
}

func renewRows(ctx context.Context, tx db.Tx, sealer *seal.Sealer, place sealedPlace, rows []sealedRow) (of Rotated, err error) {
	for _, row := range rows {
		renewed, err := sealer.Renew(row.Sealed, row.Context)
		switch {
		case err != nil:
			of.Lost++
		case renewed != nil:
			if _, err := tx.Exec(ctx, place.replace, row.ID, renewed, row.Sealed); err != nil {
				return of, err
			}
			of.Renewed++
		}
	}
	return of, nil
}
