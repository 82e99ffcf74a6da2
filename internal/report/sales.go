package report

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// ByDay is the report of sales by business day, each day of the period in it.
type ByDay struct {
	Head
	Rows   []DayRow
	Totals Measures
	Late   int64 // of all rows
	Open   int64 // of all rows
}

// DayRow is one business day.
type DayRow struct {
	Day  time.Time // midnight UTC of its date
	Late int64     // receipts, refunds included, that came or changed after the day was over
	Open int64     // receipts that are still open: they count in no measure
	Measures
}

const selectByDay = `
SELECT d.day::date, count(*) FILTER (WHERE x.late),
    (SELECT count(*) FROM documents o WHERE o.organization_id = $1 AND o.business_day = d.day::date AND ` + isOpen + `), ` + saleColumns + `
FROM generate_series($2::date, $3::date, interval '1 day') AS d (day)
LEFT JOIN sales x ON x.organization_id = $1 AND x.business_day = d.day::date AND ($4::uuid IS NULL OR x.outlet_id = $4)
GROUP BY d.day ORDER BY d.day`

// isOpen is the condition of the rows o of documents that are receipts still open, of the outlet $4.
const isOpen = `o.kind = 'receipt' AND o.status = 'open' AND ($4::uuid IS NULL OR o.outlet_id = $4)`

// SalesByDay gives the measures of each business day. Errors: ValidationFailed, for a
// period that ends before it starts; TooManyRows.
func (r *Reports) SalesByDay(ctx context.Context, organization uuid.UUID, query Query) (report ByDay, err error) {
	err = r.readPeriod(ctx, organization, query, func(tx pgx.Tx, head Head) error {
		report.Head = head
		if head.To.Sub(head.From) >= MaxRows*24*time.Hour {
			return errTooManyRows()
		}
		report.Rows, err = queryDays(ctx, tx, organization, head.From, head.To, query.Outlet)
		for _, row := range report.Rows {
			report.Totals = report.Totals.Plus(row.Measures)
			report.Late += row.Late
			report.Open += row.Open
		}
		return err
	})
	return report, err
}

func queryDays(ctx context.Context, tx pgx.Tx, organization uuid.UUID, from, to time.Time, outlet *uuid.UUID) ([]DayRow, error) {
	found, err := tx.Query(ctx, selectByDay, organization, from, to, outlet)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(found, func(row pgx.CollectableRow) (DayRow, error) {
		var day DayRow
		err := row.Scan(append([]any{&day.Day, &day.Late, &day.Open}, day.scanTargets()...)...)
		return day, err
	})
}

// ByHour is the report of sales by hour of the local clock, all 24 in it.
type ByHour struct {
	Head
	Rows   []HourRow
	Totals Measures
}

// HourRow is one hour of the day, over all days of the period.
type HourRow struct {
	Hour int // 0 to 23
	Measures
}

const selectByHour = `
SELECT h.hour, ` + saleColumns + `
FROM generate_series(0, 23) AS h (hour)
LEFT JOIN sales x ON x.organization_id = $1 AND x.business_day BETWEEN $2 AND $3 AND x.hour = h.hour
    AND ($4::uuid IS NULL OR x.outlet_id = $4)
GROUP BY h.hour ORDER BY h.hour`

// SalesByHour gives the measures of each hour of the local clock. Errors: ValidationFailed,
// for a period that ends before it starts.
func (r *Reports) SalesByHour(ctx context.Context, organization uuid.UUID, query Query) (report ByHour, err error) {
	err = r.readPeriod(ctx, organization, query, func(tx pgx.Tx, head Head) error {
		report.Head = head
		found, err := tx.Query(ctx, selectByHour, organization, head.From, head.To, query.Outlet)
		if err != nil {
			return err
		}
		report.Rows, err = pgx.CollectRows(found, func(row pgx.CollectableRow) (HourRow, error) {
			var hour HourRow
			err := row.Scan(append([]any{&hour.Hour}, hour.scanTargets()...)...)
			return hour, err
		})
		for _, row := range report.Rows {
			report.Totals = report.Totals.Plus(row.Measures)
		}
		return err
	})
	return report, err
}
