package license

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/shopspring/decimal"
	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"github.com/interpos/cabinet/internal/db"
	"github.com/interpos/cabinet/internal/fault"
)

// renewalRow is a row of the table renewals.
type renewalRow struct {
	OrganizationID uuid.UUID `gorm:"primaryKey;type:uuid"`
	ID             uuid.UUID `gorm:"primaryKey;type:uuid"`
	LicenseID      uuid.UUID `gorm:"type:uuid"`
	Number         int64
	Months         int
	Price          decimal.Decimal `gorm:"type:numeric"`
	Currency       string
	Status         RenewalStatus
	RequestedBy    uuid.UUID `gorm:"type:uuid"`
	RequestedAt    time.Time
	DecidedAt      *time.Time
	ValidUntil     *time.Time
}

// TableName tells GORM the table.
func (renewalRow) TableName() string { return "renewals" }

func (r renewalRow) renewal() Renewal {
	return Renewal{
		ID: r.ID, OrganizationID: r.OrganizationID, LicenseID: r.LicenseID, Number: r.Number, Months: r.Months, Price: r.Price,
		Currency: r.Currency, Status: r.Status, RequestedAt: r.RequestedAt, DecidedAt: r.DecidedAt, ValidUntil: r.ValidUntil,
	}
}

// lockLicense reads a license, which nobody else changes until the transaction ends, and its
// organization. Error: NotFound.
func lockLicense(ctx context.Context, tx db.Tx, organization, license uuid.UUID) (current row, found organizationRow, err error) {
	orm := tx.GORM().WithContext(ctx)
	err = orm.Clauses(clause.Locking{Strength: "UPDATE"}).Where("organization_id = ? AND id = ?", organization, license).Take(&current).Error
	if err == nil {
		err = orm.Where("id = ?", organization).Take(&found).Error
	}
	return current, found, err
}

// holdRequests refuses a request beside a pending one, and more of them than anybody needs. The
// license is locked.
func (r *Renewals) holdRequests(ctx context.Context, tx db.Tx, organization, license uuid.UUID) error {
	var pending, today int
	err := tx.QueryRow(ctx, `SELECT count(*) FILTER (WHERE license_id = $2 AND status = 'pending'), count(*) FILTER (WHERE requested_at > $3)
		FROM renewals WHERE organization_id = $1`, organization, license, r.now().Add(-24*time.Hour)).Scan(&pending, &today)
	switch {
	case err != nil:
		return err
	case pending > 0:
		return fault.New(fault.Conflict, "A renewal of this license is pending: withdraw it first.")
	case today >= maxRenewalsADay:
		return fault.Retry(fault.RateLimited, "Too many renewals were requested today.", time.Hour)
	}
	return nil
}

// nextNumber takes the next number of the operator's books. Whoever asks next waits until the
// transaction ends; one that is rolled back gives its number back.
func nextNumber(ctx context.Context, tx db.Tx) (number int64, err error) {
	err = tx.QueryRow(ctx, `UPDATE renewal_counter SET last = last + 1 RETURNING last`).Scan(&number)
	return number, err
}

// findNumber says whose renewal has a number. Error: NotFound.
func (r *Renewals) findNumber(ctx context.Context, number int64) (organization uuid.UUID, err error) {
	err = r.db.System(ctx, func(tx db.Tx) error {
		return tx.QueryRow(ctx, `SELECT organization_id FROM renewals WHERE number = $1`, number).Scan(&organization)
	})
	if errors.Is(err, pgx.ErrNoRows) || fault.Is(err, fault.NotFound) {
		err = noRenewal
	}
	return organization, err
}

var noRenewal = fault.New(fault.NotFound, "There is no such renewal.")

// decide gives a pending renewal its final status under a lock; what has it already is left as it
// is. Errors: NotFound, Conflict.
func (r *Renewals) decide(ctx context.Context, organization uuid.UUID, which string, args []any, status RenewalStatus, apply applyRenewal) (decided Renewal, err error) {
	err = r.db.ForOrganization(ctx, organization, func(tx db.Tx) error {
		var current renewalRow
		err := tx.GORM().Clauses(clause.Locking{Strength: "UPDATE"}).Where("organization_id = ?", organization).Where(which, args...).Take(&current).Error
		if err != nil {
			return err
		}
		switch current.Status {
		case status:
			decided = current.renewal()
			return nil
		case Pending:
		default:
			return fault.New(fault.Conflict, "This renewal was "+string(current.Status)+" before.")
		}
		if err := apply(ctx, tx, &current); err != nil {
			return err
		}
		now := r.now()
		current.Status, current.DecidedAt = status, &now
		decided = current.renewal()
		return tx.GORM().Model(&renewalRow{}).Where("organization_id = ? AND id = ?", organization, current.ID).
			Updates(map[string]any{"status": status, "decided_at": now, "valid_until": current.ValidUntil}).Error
	})
	return decided, err
}

// ListRenewals gives the renewals of a license, the newest first. Error: NotFound for the license.
func (r *Renewals) ListRenewals(ctx context.Context, organization, license uuid.UUID) (listed []Renewal, err error) {
	err = r.db.ForOrganization(ctx, organization, func(tx db.Tx) error {
		orm := tx.GORM()
		if err := orm.Where("organization_id = ? AND id = ?", organization, license).Take(&row{}).Error; err != nil {
			return err
		}
		listed, err = renewalsOf(orm.Where("organization_id = ? AND license_id = ?", organization, license).Order("number DESC").Limit(maxListed))
		return err
	})
	return listed, err
}

// maxListed bounds a list of renewals: the newest ones.
const maxListed = 1000

func renewalsOf(query *gorm.DB) ([]Renewal, error) {
	var rows []renewalRow
	err := query.Find(&rows).Error
	listed := make([]Renewal, len(rows))
	for i, row := range rows {
		listed[i] = row.renewal()
	}
	return listed, err
}

// GetRenewal gives a renewal of a license. Error: NotFound.
func (r *Renewals) GetRenewal(ctx context.Context, organization, license, id uuid.UUID) (found Renewal, err error) {
	err = r.db.ForOrganization(ctx, organization, func(tx db.Tx) error {
		var current renewalRow
		err := tx.GORM().Where("organization_id = ? AND license_id = ? AND id = ?", organization, license, id).Take(&current).Error
		found = current.renewal()
		return err
	})
	return found, err
}

// ListAll gives the renewals of all organizations with a status, "" for any, the oldest first.
func (r *Renewals) ListAll(ctx context.Context, status RenewalStatus) (listed []Renewal, err error) {
	err = r.db.System(ctx, func(tx db.Tx) error {
		listed, err = renewalsOf(tx.GORM().Where("? IN ('', status)", status).Order("number"))
		return err
	})
	return listed, err
}
