package browse

import (
	"context"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/shopspring/decimal"

	"github.com/interpos/cabinet/internal/projection"
)

// DocumentCard is one document with its data. Document is empty where it is deleted.
type DocumentCard struct {
	Record
	Document  Document
	Freshness projection.Freshness
	Refunds   []Document // of a receipt: the receipts that give it back, in whole or in part
	Payments  []Payment  // of a cash shift: its closed receipts' payments by type
}

// Payment is what was paid in one way, refunds with minus.
type Payment struct {
	Type   uuid.UUID
	Amount decimal.Decimal
}

const (
	selectDocument = `SELECT ` + documentColumns + ` FROM documents t WHERE t.organization_id = $1 AND t.kind = $2 AND t.id = $3`
	// A receipt is given back in a few parts at most; the bound is against nonsense.
	selectRefunds = `SELECT ` + documentColumns + ` FROM documents t
WHERE t.organization_id = $1 AND t.kind = 'receipt' AND t.refund_of_id = $2 ORDER BY t.occurred_at, t.id LIMIT 100`
	selectShiftPayments = `
SELECT p.payment_type_id, sum(p.sign * p.amount)
FROM sales s JOIN sale_payments p ON p.organization_id = s.organization_id AND p.receipt_id = s.receipt_id
WHERE s.organization_id = $1 AND s.shift_id = $2
GROUP BY p.payment_type_id ORDER BY 2 DESC, 1`
)

// Document gives one document of a kind, a deleted one too. Errors: NotFound.
func (r *Records) Document(ctx context.Context, organization uuid.UUID, kind string, id uuid.UUID) (card DocumentCard, err error) {
	if _, err := FindKind(kind, true); err != nil {
		return DocumentCard{}, err
	}
	err = r.projector.Read(ctx, organization, func(tx pgx.Tx, view projection.View) error {
		card, err = loadDocument(ctx, tx, organization, kind, id)
		card.Freshness = view.Freshness
		return err
	})
	return card, err
}

func loadDocument(ctx context.Context, tx pgx.Tx, organization uuid.UUID, kind string, id uuid.UUID) (card DocumentCard, err error) {
	if card.Record, err = loadRecord(ctx, tx, organization, kind, id); err != nil {
		return card, err
	}
	found, err := selectDocuments(ctx, tx, selectDocument, organization, kind, id)
	if err != nil {
		return card, err
	}
	if len(found) == 1 {
		card.Document = found[0]
	}
	switch kind {
	case "receipt":
		card.Refunds, err = selectDocuments(ctx, tx, selectRefunds, organization, id)
	case "cash_shift":
		err = card.addPayments(ctx, tx, organization)
	}
	return card, err
}

func selectDocuments(ctx context.Context, tx pgx.Tx, statement string, args ...any) ([]Document, error) {
	found, err := tx.Query(ctx, statement, args...)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(found, func(row pgx.CollectableRow) (document Document, err error) {
		err = row.Scan(document.scanTargets()...)
		return document, err
	})
}

// addPayments adds up the payments of a shift's receipts, and names their types.
func (c *DocumentCard) addPayments(ctx context.Context, tx pgx.Tx, organization uuid.UUID) error {
	found, err := tx.Query(ctx, selectShiftPayments, organization, c.ID)
	if err != nil {
		return err
	}
	if c.Payments, err = pgx.CollectRows(found, pgx.RowToStructByPos[Payment]); err != nil {
		return err
	}
	var references References
	for _, payment := range c.Payments {
		references.Add(uuid.NullUUID{UUID: payment.Type, Valid: true})
	}
	names, err := references.namesIn(ctx, tx, organization)
	for id, name := range names {
		c.References[id] = name
	}
	return err
}
