package license

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"gorm.io/gorm/clause"

	"github.com/interpos/cabinet/internal/db"
	"github.com/interpos/cabinet/internal/fault"
)

// row is a row of the table licenses.
type row struct {
	OrganizationID uuid.UUID `gorm:"primaryKey;type:uuid"`
	ID             uuid.UUID `gorm:"primaryKey;type:uuid"`
	Module         string
	ValidUntil     *time.Time
	CreatedAt      time.Time
	AnchorDay      *int
	TrialAt        *time.Time
}

// TableName tells GORM the table.
func (row) TableName() string { return "licenses" }

func (r row) license() License {
	return License{ID: r.ID, Module: Module(r.Module), ValidUntil: r.ValidUntil, TrialAt: r.TrialAt}
}

func (r row) term() term {
	current := term{ValidUntil: r.ValidUntil}
	if r.AnchorDay != nil {
		current.AnchorDay = *r.AnchorDay
	}
	return current
}

func (l *Licenses) loadLicenses(ctx context.Context, organization uuid.UUID) (licenses []License, err error) {
	err = l.db.ForOrganization(ctx, organization, func(tx db.Tx) error {
		rows, err := tx.Query(ctx, selectLicenses, organization)
		if err != nil {
			return err
		}
		licenses, err = pgx.CollectRows(rows, pgx.RowToStructByPos[License])
		return err
	})
	return licenses, err
}

const selectLicenses = `SELECT id, module, valid_until, trial_at FROM licenses WHERE organization_id = $1 ORDER BY module`

// OpenModules are those that each of the organizations may use at a time, by name, read
// within a transaction that sees their licenses.
func OpenModules(ctx context.Context, tx db.Tx, organizations []uuid.UUID, now time.Time) ([][]Module, error) {
	batch := &pgx.Batch{}
	modules := make([][]Module, len(organizations))
	for i, organization := range organizations {
		QueueOpenModules(batch, organization, now, &modules[i])
	}
	return modules, tx.SendBatch(ctx, batch).Close()
}

// QueueOpenModules is OpenModules of one organization for whoever asks for more in the
// same round trip: when the batch is through, modules holds them.
func QueueOpenModules(batch *pgx.Batch, organization uuid.UUID, now time.Time, modules *[]Module) {
	batch.Queue(selectLicenses, organization).Query(func(rows pgx.Rows) error {
		licenses, err := pgx.CollectRows(rows, pgx.RowToStructByPos[License])
		*modules = []Module{}
		for _, license := range licenses {
			if license.Opens(now) {
				*modules = append(*modules, license.Module)
			}
		}
		return err
	})
}

// Create gives an organization a license that was never renewed, within the
// transaction that creates the organization.
func Create(tx db.Tx, organization uuid.UUID, module Module, now time.Time) error {
	return tx.GORM().Create(&row{OrganizationID: organization, ID: uuid.New(), Module: string(module), CreatedAt: now}).Error
}

// organizationRow is what the licenses need to know of an organization.
type organizationRow struct {
	ID       uuid.UUID `gorm:"primaryKey;type:uuid"`
	Name     string
	TimeZone string
	Currency string
}

// TableName tells GORM the table.
func (organizationRow) TableName() string { return "organizations" }

func (l *Licenses) findOrganization(ctx context.Context, id uuid.UUID) (found organizationRow, err error) {
	if id == uuid.Nil {
		return found, noOrganization
	}
	err = l.db.ForOrganization(ctx, id, func(tx db.Tx) error { return tx.GORM().Where("id = ?", id).Take(&found).Error })
	if fault.Is(err, fault.NotFound) {
		err = noOrganization
	}
	return found, err
}

var noOrganization = fault.New(fault.NotFound, "There is no such organization.")

// changeEnd moves the end of a license under a lock; one that does not exist yet is
// created.
func (l *Licenses) changeEnd(ctx context.Context, organization uuid.UUID, module Module,
	decide func(License) (time.Time, error)) (change Change, err error) {
	err = l.db.ForOrganization(ctx, organization, func(tx db.Tx) error {
		orm := tx.GORM()
		fresh := row{OrganizationID: organization, ID: uuid.New(), Module: string(module), CreatedAt: l.now()}
		if err := orm.Clauses(clause.OnConflict{DoNothing: true}).Create(&fresh).Error; err != nil {
			return err
		}
		var current row
		err := orm.Clauses(clause.Locking{Strength: "UPDATE"}).
			Where("organization_id = ? AND module = ?", organization, module).Take(&current).Error
		if err != nil {
			return err
		}
		change.Before = current.ValidUntil
		change.After, err = decide(current.license())
		if err != nil {
			return err
		}
		return orm.Model(&row{}).Where("organization_id = ? AND module = ?", organization, module).Update("valid_until", change.After).Error
	})
	return change, err
}
