package account

import (
	"time"

	"github.com/google/uuid"

	"github.com/interpos/cabinet/internal/db"
)

// memberOf makes the user a member of an organization.
func memberOf(user, organization uuid.UUID) func(tx db.Tx) error {
	return func(tx db.Tx) error {
		role := uuid.New()
		if err := tx.GORM().Exec(`INSERT INTO roles (organization_id, id, code, permissions) VALUES (?, ?, 'viewer', '{}')`,
			organization, role).Error; err != nil {
			return err
		}
		return tx.GORM().Exec(`INSERT INTO members (organization_id, user_id, role_id) VALUES (?, ?, ?)`, organization, user, role).Error
	}
}

func archive(organization uuid.UUID) func(tx db.Tx) error {
	return func(tx db.Tx) error {
		return tx.GORM().Exec(`UPDATE organizations SET archived_at = now() WHERE id = ?`, organization).Error
	}
}

// licensed gives an organization the module of deliveries.
func licensed(organization uuid.UUID, until time.Time) func(tx db.Tx) error {
	return func(tx db.Tx) error {
		return tx.GORM().Exec(`INSERT INTO licenses (organization_id, id, module, valid_until) VALUES (?, ?, 'delivery', ?)`,
			organization, uuid.New(), until).Error
	}
}
