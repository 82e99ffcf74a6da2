package account

import (
	"github.com/google/uuid"

	"github.com/interpos/cabinet/internal/db"
)

// memberOf makes the user a member of an organization.
func memberOf(user, organization uuid.UUID) func(tx db.Tx) error {
	return func(tx db.Tx) error {
		role := uuid.New()
		if err := tx.GORM().Exec(`INSERT INTO roles (organization_id, id, code, permissions) VALUES (?, ?, 'viewer', '{reports:view}')`,
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
