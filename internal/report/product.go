package report

import (
	"bytes"
	"cmp"
	"context"
	"slices"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/shopspring/decimal"
)

// ByProduct is the report of sales by product, those with the most net sales
// first. What only the receipt has is spread over its lines, so the rows add up to
// the sales of the same period. A product has no guests. Receipts are those that the
// product is on; the total counts each receipt once.
type ByProduct struct {
	Head
	Rows     []ProductRow
	Quantity decimal.Decimal // of all rows
	Totals   Measures
}

// ProductRow is one product. Its name is that of the directory, or, until that
// arrives, one that it was sold under. What was sold without a product is known by its
// name; a row with neither is what receipts without lines hold.
type ProductRow struct {
	ID           uuid.NullUUID
	Name         string
	Deleted      bool // from the directory; the name is its last
	Group        uuid.NullUUID
	GroupName    string
	GroupDeleted bool
	Quantity     decimal.Decimal // sold − refunded
	Measures
}

const (
	fromLines = `
FROM sale_lines x
WHERE x.organization_id = $1 AND x.business_day BETWEEN $2 AND $3 AND ($4::uuid IS NULL OR x.outlet_id = $4)
AND ($5::uuid IS NULL OR x.product_id IN (
    WITH RECURSIVE below (id) AS (
        SELECT $5::uuid
        UNION
        SELECT g.id FROM known_entries g JOIN below ON g.group_id = below.id
        WHERE g.organization_id = $1 AND g.kind = 'product_group'
    ) SELECT e.id FROM known_entries e WHERE e.organization_id = $1 AND e.kind = 'product'
      AND e.group_id IN (SELECT id FROM below)))`
	selectByProduct = `
WITH sold AS (
    SELECT x.product_id, max(x.name), sum(x.sign * x.quantity), count(*) FILTER (WHERE x.sign = 1 AND x.leads), ` + amountColumns + fromLines + `
    GROUP BY x.product_id, CASE WHEN x.product_id IS NULL THEN x.name END
    LIMIT $6
)
SELECT coalesce(p.name, sold.max), coalesce(p.deleted, false), p.group_id, coalesce(g.name, ''), coalesce(g.deleted, false), sold.*
FROM sold
LEFT JOIN known_entries p ON p.organization_id = $1 AND p.kind = 'product' AND p.id = sold.product_id
LEFT JOIN known_entries g ON g.organization_id = $1 AND g.kind = 'product_group' AND g.id = p.group_id`
	// Receipts are counted once, whatever they hold; of a group, those that hold one of its products.
	selectAllReceipts = `SELECT count(*) FROM sales
WHERE organization_id = $1 AND business_day BETWEEN $2 AND $3 AND sign = 1 AND ($4::uuid IS NULL OR outlet_id = $4)`
	selectReceiptsOfGroup = `SELECT count(DISTINCT x.receipt_id) FILTER (WHERE x.sign = 1)` + fromLines
)

// SalesByProduct gives the measures of each product that was sold or refunded.
// Errors: ValidationFailed, for a period that ends before it starts; TooManyRows.
func (r *Reports) SalesByProduct(ctx context.Context, organization uuid.UUID, query Query) (report ByProduct, err error) {
	err = r.readPeriod(ctx, organization, query, func(tx pgx.Tx, head Head) error {
		report.Head = head
		args := []any{organization, head.From, head.To, query.Outlet, query.Group}
		if report.Rows, err = queryProducts(ctx, tx, args); err != nil {
			return err
		}
		for _, row := range report.Rows {
			report.Quantity = report.Quantity.Add(row.Quantity)
			report.Totals = report.Totals.Plus(row.Measures)
		}
		if query.Group == nil {
			return tx.QueryRow(ctx, selectAllReceipts, args[:4]...).Scan(&report.Totals.Receipts)
		}
		return tx.QueryRow(ctx, selectReceiptsOfGroup, args...).Scan(&report.Totals.Receipts)
	})
	return report, err
}

func queryProducts(ctx context.Context, tx pgx.Tx, args []any) ([]ProductRow, error) {
	found, err := tx.Query(ctx, selectByProduct, append(args, MaxRows+1)...)
	if err != nil {
		return nil, err
	}
	rows, err := pgx.CollectRows(found, func(row pgx.CollectableRow) (ProductRow, error) {
		var p ProductRow
		var soldAs string
		err := row.Scan(append([]any{&p.Name, &p.Deleted, &p.Group, &p.GroupName, &p.GroupDeleted, &p.ID, &soldAs, &p.Quantity, &p.Receipts}, p.amountTargets()...)...)
		return p, err
	})
	if len(rows) > MaxRows {
		return nil, errTooManyRows()
	}
	slices.SortFunc(rows, func(a, b ProductRow) int {
		return cmp.Or(b.NetSales().Cmp(a.NetSales()), bytes.Compare(a.ID.UUID[:], b.ID.UUID[:]), cmp.Compare(a.Name, b.Name))
	})
	return rows, err
}
