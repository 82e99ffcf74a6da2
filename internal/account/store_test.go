package account

import (
	"github.com/google/uuid"
	"gorm.io/gorm"
)

// memberOf makes the user a member of an organization.
func memberOf(user, organization uuid.UUID) func(tx *gorm.DB) error {
	return func(tx *gorm.DB) error {
		role := uuid.New()
		if err := tx.Exec(`INSERT INTO roles (organization_id, id, code, permissions) VALUES (?, ?, 'viewer', '{reports:view}')`,
			organization, role).Error; err != nil {
			return err
		}
		return tx.Exec(`INSERT INTO members (organization_id, user_id, role_id) VALUES (?, ?, ?)`, organization, user, role).Error
	}
}

func archive(organization uuid.UUID) func(tx *gorm.DB) error {
	return func(tx *gorm.DB) error {
		return tx.Exec(`UPDATE organizations SET archived_at = now() WHERE id = ?`, organization).Error
	}
}
