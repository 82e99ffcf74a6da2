package report

import (
	"context"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/shopspring/decimal"
)

// ByPaymentType is the report of payments by type, the largest first. Its rows add up to
// what was paid: collected − unpaid.
type ByPaymentType struct {
	Head
	Rows   []PaymentTypeRow
	Totals Measures // of the same receipts
}

// PaymentTypeRow is one type of payments. Its name is empty until that arrives.
type PaymentTypeRow struct {
	ID       uuid.UUID
	Name     string
	Deleted  bool            // from the directory; the name is its last
	Amount   decimal.Decimal // refunds with minus, as is change that was given back in this type
	Payments int64           // how many there were
}

// Payments is how many there were of all types.
func (r *ByPaymentType) Payments() (count int64) {
	for _, row := range r.Rows {
		count += row.Payments
	}
	return count
}

const (
	selectTotals = `SELECT ` + saleColumns + `
FROM sales x WHERE x.organization_id = $1 AND x.business_day BETWEEN $2 AND $3 AND ($4::uuid IS NULL OR x.outlet_id = $4)`
	selectByPaymentType = `
SELECT x.payment_type_id, coalesce(max(t.name), ''), coalesce(bool_or(t.deleted), false), sum(x.sign * x.amount), count(*)
FROM sale_payments x
LEFT JOIN known_entries t ON t.organization_id = $1 AND t.kind = 'payment_type' AND t.id = x.payment_type_id
WHERE x.organization_id = $1 AND x.business_day BETWEEN $2 AND $3 AND ($4::uuid IS NULL OR x.outlet_id = $4)
GROUP BY x.payment_type_id ORDER BY 4 DESC, 1 LIMIT $5`
)

// PaymentsByType gives what closed receipts were paid with. Errors: ValidationFailed, for a
// period that ends before it starts; TooManyRows.
func (r *Reports) PaymentsByType(ctx context.Context, organization uuid.UUID, query Query) (report ByPaymentType, err error) {
	err = r.readPeriod(ctx, organization, query, func(tx pgx.Tx, head Head) error {
		report.Head = head
		args := []any{organization, head.From, head.To, query.Outlet}
		if err := tx.QueryRow(ctx, selectTotals, args...).Scan(report.Totals.scanTargets()...); err != nil {
			return err
		}
		found, err := tx.Query(ctx, selectByPaymentType, append(args, MaxRows+1)...)
		if err != nil {
			return err
		}
		report.Rows, err = pgx.CollectRows(found, pgx.RowToStructByPos[PaymentTypeRow])
		if len(report.Rows) > MaxRows {
			return errTooManyRows()
		}
		return err
	})
	return report, err
}
