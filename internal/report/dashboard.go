package report

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/interpos/cabinet/internal/projection"
)

// Dashboard is what Home shows.
type Dashboard struct {
	Currency            string
	TimeZone            string
	BusinessDay         time.Time // today, midnight UTC of its date
	Today, Week         Comparison
	SalesByDay          []DayRow // the last 30 business days, those without sales too
	OpenReceipts        int64    // of any day
	LastSynchronization *Synchronization
	Devices             int64
	DataReceived        bool
	Freshness           projection.Freshness
}

// Comparison is a period that is still going on, beside the one before it up to
// the same weekday and time of the local clock.
type Comparison struct{ Current, Previous Measures }

// Synchronization is the last exchange of records with a device.
type Synchronization struct {
	At         time.Time
	DeviceID   uuid.UUID
	DeviceName string
}

// Dashboard gives the figures of today and of this week (from Monday), and the
// state of synchronization.
func (r *Reports) Dashboard(ctx context.Context, organization uuid.UUID) (d Dashboard, err error) {
	err = r.projector.Read(ctx, organization, func(tx pgx.Tx, view projection.View) error {
		now := r.now()
		today := view.Day(now)
		d = Dashboard{Currency: view.Currency, TimeZone: view.TimeZone, BusinessDay: today, Freshness: view.Freshness}
		if d.SalesByDay, err = queryDays(ctx, tx, organization, today.AddDate(0, 0, 1-defaultDays), today, nil); err != nil {
			return err
		}
		sinceMonday := (int(today.Weekday()) + 6) % 7
		if d.Today, err = comparePeriods(ctx, tx, organization, view.Calendar, now, today, 1); err != nil {
			return err
		}
		if d.Week, err = comparePeriods(ctx, tx, organization, view.Calendar, now, today.AddDate(0, 0, -sinceMonday), 7); err != nil {
			return err
		}
		if err = tx.QueryRow(ctx, selectOpen, organization).Scan(&d.OpenReceipts); err != nil {
			return err
		}
		return d.addSynchronization(ctx, tx, organization)
	})
	return d, err
}

const selectPeriod = `SELECT ` + saleColumns + `
FROM sales x WHERE x.organization_id = $1 AND x.business_day BETWEEN $2 AND $3 AND ($4::timestamptz IS NULL OR x.occurred_at <= $4)`

const selectOpen = `SELECT count(*) FROM documents WHERE organization_id = $1 AND kind = 'receipt' AND status = 'open'`

// comparePeriods gives the figures from a business day to today, beside those of as long
// a period, the given number of days before, up to the same time of the local clock.
func comparePeriods(ctx context.Context, tx pgx.Tx, organization uuid.UUID, calendar projection.Calendar,
	now, from time.Time, daysBack int) (c Comparison, err error) {
	today := calendar.Day(now)
	err = tx.QueryRow(ctx, selectPeriod, organization, from, today, nil).Scan(c.Current.scanTargets()...)
	if err != nil {
		return c, err
	}
	err = tx.QueryRow(ctx, selectPeriod, organization, from.AddDate(0, 0, -daysBack), today.AddDate(0, 0, -daysBack),
		calendar.Back(now, daysBack)).Scan(c.Previous.scanTargets()...)
	return c, err
}

const (
	selectDevices = `SELECT count(*), (SELECT coalesce(max(head), 0) > 0 FROM feeds WHERE organization_id = $1)
FROM devices WHERE organization_id = $1`
	selectLastSynchronization = `
SELECT greatest(last_push_at, last_pull_at), id, name FROM devices
WHERE organization_id = $1 AND greatest(last_push_at, last_pull_at) IS NOT NULL ORDER BY 1 DESC LIMIT 1`
)

func (d *Dashboard) addSynchronization(ctx context.Context, tx pgx.Tx, organization uuid.UUID) error {
	if err := tx.QueryRow(ctx, selectDevices, organization).Scan(&d.Devices, &d.DataReceived); err != nil {
		return err
	}
	var last Synchronization
	err := tx.QueryRow(ctx, selectLastSynchronization, organization).Scan(&last.At, &last.DeviceID, &last.DeviceName)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil
	}
	d.LastSynchronization = &last
	return err
}
