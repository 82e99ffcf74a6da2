package report

import (
	"context"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/shopspring/decimal"
)

// ByProduct is the report of sales by product, those with the most net sales
// first. A receipt's discount is spread over its lines, so the rows add up to the
// sales of the same period. Of the measures, a product has those that a line has:
// no taxes, tips and guests. Receipts are those that the product is on; the total
// counts each receipt once.
type ByProduct struct {
	Head
	Rows     []ProductRow
	Quantity decimal.Decimal // of all rows
	Totals   Measures
}

// ProductRow is one product. Its name is that of the directory, or, until that
// arrives, one that it was sold under.
type ProductRow struct {
	ID        uuid.UUID
	Name      string
	Group     uuid.NullUUID
	GroupName string
	Quantity  decimal.Decimal // sold − refunded
	Measures
}

const (
	fromLines = `
FROM sale_lines l
WHERE l.organization_id = $1 AND l.business_day BETWEEN $2 AND $3 AND ($4::uuid IS NULL OR l.outlet_id = $4)
AND ($5::uuid IS NULL OR l.product_id IN (
    WITH RECURSIVE below (id) AS (
        SELECT $5::uuid
        UNION
        SELECT g.id FROM directory_entries g JOIN below ON g.group_id = below.id
        WHERE g.organization_id = $1 AND g.kind = 'product_group'
    ) SELECT e.id FROM directory_entries e WHERE e.organization_id = $1 AND e.kind = 'product'
      AND e.group_id IN (SELECT id FROM below)))`
	selectByProduct = `
SELECT x.product_id, coalesce(p.name, x.name), p.group_id, coalesce(g.name, ''),
       x.quantity, x.gross, x.discounts, x.refunds, x.cost, x.receipts
FROM (
    SELECT l.product_id, max(l.name), sum(l.sign * l.quantity),
        coalesce(sum(l.gross) FILTER (WHERE l.sign = 1), 0),
        coalesce(sum(l.discounts) FILTER (WHERE l.sign = 1), 0),
        coalesce(sum(l.gross - l.discounts) FILTER (WHERE l.sign = -1), 0),
        sum(l.sign * l.cost), count(*) FILTER (WHERE l.sign = 1 AND l.leads)` + fromLines + `
    GROUP BY l.product_id
) AS x (product_id, name, quantity, gross, discounts, refunds, cost, receipts)
LEFT JOIN directory_entries p ON p.organization_id = $1 AND p.kind = 'product' AND p.id = x.product_id
LEFT JOIN directory_entries g ON g.organization_id = $1 AND g.kind = 'product_group' AND g.id = p.group_id
ORDER BY x.gross - x.discounts - x.refunds DESC, x.product_id`
	// Receipts are counted once, whatever they hold; of a group, those that hold one of its products.
	selectAllReceipts = `SELECT count(*) FROM sales
WHERE organization_id = $1 AND business_day BETWEEN $2 AND $3 AND sign = 1 AND ($4::uuid IS NULL OR outlet_id = $4)`
	selectReceiptsOfGroup = `SELECT count(DISTINCT l.receipt_id) FILTER (WHERE l.sign = 1)` + fromLines
)

// SalesByProduct gives the measures of each product that was sold or refunded.
// Errors: as SalesByDay.
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
	found, err := tx.Query(ctx, selectByProduct, args...)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(found, func(row pgx.CollectableRow) (ProductRow, error) {
		var p ProductRow
		err := row.Scan(&p.ID, &p.Name, &p.Group, &p.GroupName, &p.Quantity,
			&p.GrossSales, &p.Discounts, &p.Refunds, &p.Cost, &p.Receipts)
		return p, err
	})
}
