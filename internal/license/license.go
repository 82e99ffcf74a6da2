// Package license knows which modules an organization may use, and until when.
package license

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/interpos/cabinet/internal/db"
)

// Module is what a license opens.
type Module string

// Delivery is the module of deliveries.
const Delivery Module = "delivery"

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
	licenses, err := l.load(ctx, organization)
	listed := make([]Listed, len(licenses))
	for i, license := range licenses {
		listed[i] = Listed{license, license.Status(l.now())}
	}
	return listed, err
}
