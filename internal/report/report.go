// Package report computes the figures of the cabinet from the projections:
// reports over periods of business days, and the dashboard.
package report

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/interpos/cabinet/internal/db"
	"github.com/interpos/cabinet/internal/fault"
	"github.com/interpos/cabinet/internal/projection"
)

const (
	// MaxRows is how many rows a report has at most.
	MaxRows     = 20_000
	defaultDays = 30
)

// Reports computes figures. Where projections are far behind the feed, figures hold
// what is projected, and say how far that goes.
type Reports struct {
	projector *projection.Projector
	now       func() time.Time
}

// New makes the service over the projections; now is the clock.
func New(projector *projection.Projector, now func() time.Time) *Reports {
	return &Reports{projector, now}
}

// Query says what a report is about. Without From and To it is about the last 30
// business days; with one of them, about 30 that end or the days that start there.
type Query struct {
	From, To *time.Time // business days, inclusive
	Outlet   *uuid.UUID
	Group    *uuid.UUID // products of this group, or of one below it; sales by product only
}

// Head is what every report says of itself.
type Head struct {
	From, To    time.Time // business days, midnight UTC of their dates
	Currency    string
	TimeZone    string
	GeneratedAt time.Time
	Freshness   projection.Freshness
}

// readPeriod runs fn over the period of the query. Errors: ValidationFailed, for a
// period that ends before it starts.
func (r *Reports) readPeriod(ctx context.Context, organization uuid.UUID, query Query, fn func(tx pgx.Tx, head Head) error) error {
	return r.projector.Read(db.For(ctx, db.Reporting), organization, func(tx pgx.Tx, view projection.View) error {
		now := r.now()
		from, to, err := query.resolvePeriod(view.Day(now))
		if err != nil {
			return err
		}
		return fn(tx, Head{From: from, To: to, Currency: view.Currency, TimeZone: view.TimeZone, GeneratedAt: now, Freshness: view.Freshness})
	})
}

// resolvePeriod fills in the ends that were left out; today is the current business day.
func (q Query) resolvePeriod(today time.Time) (from, to time.Time, err error) {
	switch {
	case q.From == nil && q.To == nil:
		to = today
	case q.To == nil:
		to = laterDay(today, *q.From)
	default:
		to = *q.To
	}
	from = to.AddDate(0, 0, 1-defaultDays)
	if q.From != nil {
		from = *q.From
	}
	if from.After(to) {
		return from, to, fault.Invalid(fault.Field{Field: "to", Code: "too_small", Message: "must not lie before from"})
	}
	return from, to, nil
}

func laterDay(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

func errTooManyRows() error { return fault.TooMany("report", MaxRows) }
