package license

import (
	"context"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"

	"github.com/interpos/cabinet/internal/access"
	"github.com/interpos/cabinet/internal/billing"
	"github.com/interpos/cabinet/internal/db"
	"github.com/interpos/cabinet/internal/fault"
	"github.com/interpos/cabinet/internal/zonetime"
)

// RenewalStatus is what became of a renewal.
type RenewalStatus string

// Statuses of a renewal. All but the first are final.
const (
	Pending   RenewalStatus = "pending"   // requested; the operator has not seen its payment yet
	Confirmed RenewalStatus = "confirmed" // paid: the license was moved
	Declined  RenewalStatus = "declined"  // the operator will see no payment
	Withdrawn RenewalStatus = "withdrawn" // whoever requested it thought better of it
)

// RenewalStatuses are all of them.
var RenewalStatuses = []RenewalStatus{Pending, Confirmed, Declined, Withdrawn}

// maxRenewalsADay is how many renewals an organization may request in 24 hours: each takes a
// number of the operator's books for ever.
const maxRenewalsADay = 20

// Renewal is the act that moves the end of a license, from its request on.
type Renewal struct {
	ID             uuid.UUID
	OrganizationID uuid.UUID
	LicenseID      uuid.UUID
	Number         int64 // in the operator's books, without gaps, whoever the customer
	Months         int
	Price          decimal.Decimal
	Currency       string // ISO 4217
	Status         RenewalStatus
	RequestedAt    time.Time
	DecidedAt      *time.Time // nil: pending
	ValidUntil     *time.Time // the license's end, as this renewal has moved it; nil: not confirmed
}

// Renewals lets licenses be renewed.
type Renewals struct {
	*Licenses
	prices *billing.PriceList // nil: the operator has none
}

// NewRenewals serves the renewals of all organizations, at the operator's prices.
func NewRenewals(licenses *Licenses, prices *billing.PriceList) *Renewals {
	return &Renewals{licenses, prices}
}

// Request asks for a license to be renewed by some months, at the price of now. Errors: NotFound,
// ValidationFailed, Conflict where nothing is offered in the organization's currency or a renewal
// is pending, RateLimited.
func (r *Renewals) Request(ctx context.Context, actor access.Actor, license uuid.UUID, months int) (made Renewal, err error) {
	if !slices.Contains(billing.Periods, months) {
		return made, fault.Invalid(fault.Field{Field: "months", Code: "invalid", Message: "must be 1, 3, 6 or 12"})
	}
	err = r.db.ForOrganization(ctx, actor.OrganizationID, func(tx db.Tx) error {
		current, found, err := lockLicense(ctx, tx, actor.OrganizationID, license)
		if err != nil {
			return err
		}
		offer, err := r.offer(Module(current.Module), found.Currency, months)
		if err != nil {
			return err
		}
		if err := r.holdRequests(ctx, tx, actor.OrganizationID, license); err != nil {
			return err
		}
		row := renewalRow{
			OrganizationID: actor.OrganizationID, ID: uuid.New(), LicenseID: license, Months: months, Price: offer.Price,
			Currency: offer.Currency, Status: Pending, RequestedBy: actor.UserID, RequestedAt: r.now(),
		}
		if row.Number, err = nextNumber(ctx, tx); err != nil {
			return err
		}
		made = row.renewal()
		return tx.GORM().Create(&row).Error
	})
	return made, err
}

// offer is what the operator asks for a period.
func (r *Renewals) offer(module Module, currency string, months int) (billing.Offer, error) {
	offers := r.prices.Offers(module, currency)
	if len(offers) == 0 {
		return billing.Offer{}, fault.New(fault.Conflict, "There is no price for this module in the organization's currency: ask the operator's support.")
	}
	i := slices.IndexFunc(offers, func(o billing.Offer) bool { return o.Months == months })
	if i < 0 {
		return billing.Offer{}, fault.Invalid(fault.Field{Field: "months", Code: "unknown", Message: "is no period that is offered"})
	}
	return offers[i], nil
}

// Offers are the periods that a module may be renewed by in a currency, with their prices.
func (r *Renewals) Offers(module Module, currency string) []billing.Offer {
	return r.prices.Offers(module, currency)
}

// Withdraw takes a pending renewal back; again, it does nothing. Errors: NotFound, Conflict for
// one that the operator has decided of.
func (r *Renewals) Withdraw(ctx context.Context, organization, license, id uuid.UUID) error {
	_, err := r.decide(ctx, organization, "license_id = ? AND id = ?", []any{license, id}, Withdrawn, leave)
	return err
}

// Confirm says that a renewal, by its number, is paid: the license grows by its months, once,
// however often and from wherever that is said. Errors: NotFound, Conflict for one that was
// declined or withdrawn.
func (r *Renewals) Confirm(ctx context.Context, number int64) (Renewal, error) {
	return r.decideByNumber(ctx, number, Confirmed, r.grow)
}

// Decline says that a renewal, by its number, will not be paid; again, it does nothing. Errors:
// NotFound, Conflict for one that was confirmed or withdrawn.
func (r *Renewals) Decline(ctx context.Context, number int64) (Renewal, error) {
	return r.decideByNumber(ctx, number, Declined, leave)
}

func (r *Renewals) decideByNumber(ctx context.Context, number int64, status RenewalStatus, apply applyRenewal) (Renewal, error) {
	organization, err := r.findNumber(ctx, number)
	if err != nil {
		return Renewal{}, err
	}
	return r.decide(ctx, organization, "number = ?", []any{number}, status, apply)
}

// applyRenewal does what a decision brings with it, within its transaction.
type applyRenewal func(ctx context.Context, tx db.Tx, row *renewalRow) error

func leave(context.Context, db.Tx, *renewalRow) error { return nil }

// grow moves the end of the renewal's license.
func (r *Renewals) grow(ctx context.Context, tx db.Tx, renewal *renewalRow) error {
	current, found, err := lockLicense(ctx, tx, renewal.OrganizationID, renewal.LicenseID)
	if err != nil {
		return err
	}
	zone, err := zonetime.Load(found.TimeZone)
	if err != nil {
		return err
	}
	grown := current.term().renewed(renewal.Months, r.now(), zone)
	renewal.ValidUntil = grown.ValidUntil
	return tx.GORM().Model(&row{}).Where("organization_id = ? AND id = ?", current.OrganizationID, current.ID).
		Updates(map[string]any{"valid_until": grown.ValidUntil, "anchor_day": grown.AnchorDay}).Error
}

// TakeTrial opens a license for TrialDays, once in its life. Errors: NotFound, Conflict where the
// trial was taken before, or the license opens its module anyway.
func (r *Renewals) TakeTrial(ctx context.Context, organization, license uuid.UUID) error {
	return r.db.ForOrganization(ctx, organization, func(tx db.Tx) error {
		current, found, err := lockLicense(ctx, tx, organization, license)
		if err != nil {
			return err
		}
		if !current.license().canBeTried(r.now()) {
			return fault.New(fault.Conflict, "The trial of this license was taken before, or the license is active.")
		}
		zone, err := zonetime.Load(found.TimeZone)
		if err != nil {
			return err
		}
		return tx.GORM().Model(&row{}).Where("organization_id = ? AND id = ?", organization, license).
			Updates(map[string]any{"valid_until": tried(r.now(), zone), "trial_at": r.now()}).Error
	})
}
