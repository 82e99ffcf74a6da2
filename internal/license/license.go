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

// Listed is a license with its status at the time of the question.
type Listed struct {
	License
	Status Status
}

// Licenses serves the licenses of all organizations.
type Licenses struct {
	db  *db.DB
	now func() time.Time
}

// New makes the licenses' service over a database.
func New(database *db.DB, now func() time.Time) *Licenses { return &Licenses{database, now} }

// List gives the organization's licenses by module.
func (l *Licenses) List(ctx context.Context, organization uuid.UUID) ([]Listed, error) {
	licenses, err := l.loadLicenses(ctx, organization)
	listed := make([]Listed, len(licenses))
	for i, license := range licenses {
		listed[i] = Listed{license, license.Status(l.now())}
	}
	return listed, err
}

// Holder is an organization with its licenses by module.
type Holder struct {
	ID       uuid.UUID
	Name     string
	Licenses []Listed
}

// Holder gives an organization with its licenses. Error: NotFound.
func (l *Licenses) Holder(ctx context.Context, organization uuid.UUID) (Holder, error) {
	found, err := l.findOrganization(ctx, organization)
	if err != nil {
		return Holder{}, err
	}
	listed, err := l.List(ctx, organization)
	return Holder{ID: organization, Name: found.Name, Licenses: listed}, err
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
