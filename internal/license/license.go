// Package license knows which modules an organization may use, and until when.
package license

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/interpos/cabinet/internal/access"
	"github.com/interpos/cabinet/internal/db"
	"github.com/interpos/cabinet/internal/fault"
	"github.com/interpos/cabinet/internal/zonetime"
)

// Module is what a license opens.
type Module = access.Module

// Delivery is the module of deliveries.
const Delivery = access.Delivery

// Status of a license, derived from its date.
type Status string

// Statuses of product.md.
const (
	Inactive Status = "inactive" // never renewed
	Active   Status = "active"
	Expiring Status = "expiring" // ends within expiringWithin
	Expired  Status = "expired"
)

const expiringWithin = 7 * 24 * time.Hour

// License is the right to a module until a date.
type License struct {
	ID         uuid.UUID
	Module     Module
	ValidUntil *time.Time // nil: never renewed
	TrialAt    *time.Time // when its trial was taken; nil: not yet
}

// Status is what the license is worth at a time. It opens its module up to
// ValidUntil, that moment excluded.
func (l License) Status(now time.Time) Status {
	switch {
	case l.ValidUntil == nil:
		return Inactive
	case !now.Before(*l.ValidUntil):
		return Expired
	case l.ValidUntil.Sub(now) <= expiringWithin:
		return Expiring
	}
	return Active
}

// Opens says whether the module may be used at a time.
func (l License) Opens(now time.Time) bool {
	status := l.Status(now)
	return status == Active || status == Expiring
}

// canBeTried says whether the license's trial may be taken at a time.
func (l License) canBeTried(now time.Time) bool { return l.TrialAt == nil && !l.Opens(now) }

// Listed is a license with its status at the time of the question.
type Listed struct {
	License
	Status   Status
	LastDay  *time.Time // the last day that it opens its module on, in the organization's time zone; nil: never renewed
	DaysLeft int        // today and the last day included; 0: it opens nothing
	CanTry   bool       // its trial may be taken
}

// listed is the license as it stands at a time, in days of a zone.
func (l License) listed(now time.Time, zone *time.Location) Listed {
	shown := Listed{License: l, Status: l.Status(now), CanTry: l.canBeTried(now)}
	if l.ValidUntil == nil {
		return shown
	}
	last := lastDay(*l.ValidUntil, zone)
	shown.LastDay = &last
	if l.Opens(now) {
		shown.DaysLeft = int(last.Sub(dayOf(now, zone)).Hours()/24) + 1
	}
	return shown
}

// Licenses serves the licenses of all organizations.
type Licenses struct {
	db  *db.DB
	now func() time.Time
}

// New makes the licenses' service over a database.
func New(database *db.DB, now func() time.Time) *Licenses { return &Licenses{database, now} }

// List gives the organization's licenses by module. Error: NotFound.
func (l *Licenses) List(ctx context.Context, organization uuid.UUID) ([]Listed, error) {
	holder, err := l.Holder(ctx, organization)
	return holder.Licenses, err
}

// Holder is an organization with its licenses by module.
type Holder struct {
	ID       uuid.UUID
	Name     string
	Currency string // ISO 4217
	Licenses []Listed
}

// Holder gives an organization with its licenses. Error: NotFound.
func (l *Licenses) Holder(ctx context.Context, organization uuid.UUID) (Holder, error) {
	found, err := l.findOrganization(ctx, organization)
	if err != nil {
		return Holder{}, err
	}
	zone, err := time.LoadLocation(found.TimeZone)
	if err != nil {
		return Holder{}, err
	}
	licenses, err := l.loadLicenses(ctx, organization)
	holder := Holder{ID: organization, Name: found.Name, Currency: found.Currency, Licenses: make([]Listed, len(licenses))}
	for i, license := range licenses {
		holder.Licenses[i] = license.listed(l.now(), zone)
	}
	return holder, err
}

// Grant opens a module to an organization up to the end of a day in its time
// zone, that day included, whatever was before. Of day the date alone counts.
// Errors: NotFound, ValidationFailed for a day that is over.
func (l *Licenses) Grant(ctx context.Context, organization uuid.UUID, module Module, day time.Time) (Change, error) {
	found, err := l.findOrganization(ctx, organization)
	if err != nil {
		return Change{}, err
	}
	zone, err := time.LoadLocation(found.TimeZone)
	if err != nil {
		return Change{}, err
	}
	until := zonetime.StartOf(day.AddDate(0, 0, 1), zone)
	if !until.After(l.now()) {
		return Change{}, fault.Invalid(fault.Field{Field: "until", Code: "too_small", Message: "must not be over"})
	}
	return l.changeEnd(ctx, organization, module, func(License) (time.Time, error) { return until, nil })
}

// Revoke ends an organization's license now. Errors: NotFound, Conflict where it
// opens nothing anyway.
func (l *Licenses) Revoke(ctx context.Context, organization uuid.UUID, module Module) (Change, error) {
	if _, err := l.findOrganization(ctx, organization); err != nil {
		return Change{}, err
	}
	return l.changeEnd(ctx, organization, module, func(license License) (time.Time, error) {
		if !license.Opens(l.now()) {
			return time.Time{}, fault.New(fault.Conflict, "This license is not active.")
		}
		return l.now(), nil
	})
}

// Change is what became of a license.
type Change struct {
	Before *time.Time // nil: it was never renewed
	After  time.Time
}
