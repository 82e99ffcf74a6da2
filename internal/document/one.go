package document

import (
	"context"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/interpos/cabinet/internal/listing"
)

const (
	selectOne = `SELECT ` + itemColumns + ` FROM documents t WHERE t.organization_id = $1 AND t.kind = $2 AND t.id = $3`
	// A receipt is given back in a few parts at most; the bound is against nonsense.
	selectRefunds = `SELECT ` + itemColumns + ` FROM documents t
WHERE t.organization_id = $1 AND t.kind = 'receipt' AND t.refund_of_id = $2 ORDER BY t.occurred_at, t.id LIMIT 100`
	selectShiftPayments = `
SELECT p.payment_type_id, sum(p.sign * p.amount)
FROM sales s JOIN sale_payments p ON p.organization_id = s.organization_id AND p.receipt_id = s.receipt_id
WHERE s.organization_id = $1 AND s.shift_id = $2
GROUP BY p.payment_type_id ORDER BY 2 DESC, 1`
)

func load(ctx context.Context, tx pgx.Tx, organization uuid.UUID, kind string, id uuid.UUID) (Document, error) {
	found, err := listing.Load(ctx, tx, organization, kind, id)
	if err != nil {
		return Document{}, err
	}
	document := Document{Record: found}
	items, err := query(ctx, tx, selectOne, organization, kind, id)
	if err != nil {
		return Document{}, err
	}
	if len(items) == 1 {
		document.Item = items[0]
	}
	switch kind {
	case "receipt":
		document.Refunds, err = query(ctx, tx, selectRefunds, organization, id)
	case "cash_shift":
		err = document.addPayments(ctx, tx, organization)
	}
	return document, err
}

func query(ctx context.Context, tx pgx.Tx, statement string, args ...any) ([]Item, error) {
	found, err := tx.Query(ctx, statement, args...)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(found, func(row pgx.CollectableRow) (Item, error) {
		var item Item
		err := row.Scan(item.fields()...)
		return item, err
	})
}

// addPayments adds up the payments of a shift's receipts, and names their types.
func (d *Document) addPayments(ctx context.Context, tx pgx.Tx, organization uuid.UUID) error {
	found, err := tx.Query(ctx, selectShiftPayments, organization, d.ID)
	if err != nil {
		return err
	}
	if d.Payments, err = pgx.CollectRows(found, pgx.RowToStructByPos[Payment]); err != nil {
		return err
	}
	references := listing.References{}
	for _, payment := range d.Payments {
		references.Add(uuid.NullUUID{UUID: payment.Type, Valid: true})
	}
	names, err := references.Names(ctx, tx, organization)
	for id, name := range names {
		d.References[id] = name
	}
	return err
}
