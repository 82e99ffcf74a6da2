package license

import (
	"context"
	"time"

	"github.com/google/uuid"
	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"github.com/interpos/cabinet/internal/fault"
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

// organizationRow is what the licenses need to know of an organization.
type organizationRow struct {
	ID       uuid.UUID `gorm:"primaryKey;type:uuid"`
	Name     string
	TimeZone string
}

// TableName tells GORM the table.
func (organizationRow) TableName() string { return "organizations" }

func (l *Licenses) organization(ctx context.Context, id uuid.UUID) (found organizationRow, err error) {
	if id == uuid.Nil {
		return found, noOrganization
	}
	err = l.db.ForOrganization(ctx, id, func(tx *gorm.DB) error { return tx.Where("id = ?", id).Take(&found).Error })
	if fault.Is(err, fault.NotFound) {
		err = noOrganization
	}
	return found, err
}

var noOrganization = fault.New(fault.NotFound, "There is no such organization.")

// change moves the end of a license under a lock; one that does not exist yet is
// created.
func (l *Licenses) change(ctx context.Context, organization uuid.UUID, module Module,
	decide func(License) (time.Time, error)) (change Change, err error) {
	err = l.db.ForOrganization(ctx, organization, func(tx *gorm.DB) error {
		fresh := row{OrganizationID: organization, ID: uuid.New(), Module: string(module), CreatedAt: l.now()}
		if err := tx.Clauses(clause.OnConflict{DoNothing: true}).Create(&fresh).Error; err != nil {
			return err
		}
		var current row
		err := tx.Clauses(clause.Locking{Strength: "UPDATE"}).
			Where("organization_id = ? AND module = ?", organization, module).Take(&current).Error
		if err != nil {
			return err
		}
		change.Before = current.ValidUntil
		change.After, err = decide(License{ID: current.ID, Module: module, ValidUntil: current.ValidUntil})
		if err != nil {
			return err
		}
		return tx.Model(&row{}).Where("organization_id = ? AND module = ?", organization, module).Update("valid_until", change.After).Error
	})
	return change, err
}
