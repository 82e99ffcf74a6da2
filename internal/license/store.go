package license

import (
	"context"
	"time"

	"github.com/google/uuid"
	"gorm.io/gorm"
)

// row is a row of the table licenses.
type row struct {
	OrganizationID uuid.UUID `gorm:"primaryKey;type:uuid"`
	ID             uuid.UUID `gorm:"primaryKey;type:uuid"`
	Module         string
	ValidUntil     *time.Time
	CreatedAt      time.Time
}

// TableName tells GORM the table.
func (row) TableName() string { return "licenses" }

func (l *Licenses) load(ctx context.Context, organization uuid.UUID) (licenses []License, err error) {
	err = l.db.ForOrganization(ctx, organization, func(tx *gorm.DB) error {
		licenses, err = find(tx, organization)
		return err
	})
	return licenses, err
}

func find(tx *gorm.DB, organization uuid.UUID) (licenses []License, err error) {
	var rows []row
	err = tx.Where("organization_id = ?", organization).Order("module").Find(&rows).Error
	for _, r := range rows {
		licenses = append(licenses, License{ID: r.ID, Module: Module(r.Module), ValidUntil: r.ValidUntil})
	}
	return licenses, err
}

// OpenModules are those that an organization may use at a time, read within a
// transaction that is open for it.
func OpenModules(tx *gorm.DB, organization uuid.UUID, now time.Time) ([]Module, error) {
	licenses, err := find(tx, organization)
	modules := []Module{}
	for _, license := range licenses {
		if license.Opens(now) {
			modules = append(modules, license.Module)
		}
	}
	return modules, err
}

// Create gives an organization a license that was never renewed, within the
// transaction that creates the organization.
func Create(tx *gorm.DB, organization uuid.UUID, module Module, now time.Time) error {
	return tx.Create(&row{OrganizationID: organization, ID: uuid.New(), Module: string(module), CreatedAt: now}).Error
}
