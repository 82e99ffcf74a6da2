package projection

import (
	"context"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"github.com/interpos/cabinet/internal/record"
)

// Statements take columns as arrays: one round trip a table, whatever the number
// of rows. Decimals travel as text, which PostgreSQL reads exactly. (COPY, which
// would be faster still, is refused on tables with row-level security.) The feed is
// among what they select from so that an engine that distributes tables knows where the rows
// belong.
var (
	insertEntries = `
INSERT INTO directory_entries (organization_id, generation, kind, id, name, code, group_id, archived, search, remarks, remark_codes)
SELECT f.organization_id, $9::integer, u.* FROM feeds f, unnest($2::text[], $3::uuid[], $4::text[], $5::text[], $6::uuid[], $7::boolean[], $8::text[],
    $10::text[]::jsonb[], $11::text[]) AS u WHERE f.organization_id = $1`
	insertDeleted = `
INSERT INTO deleted_entries (organization_id, generation, kind, id, name, group_id)
SELECT f.organization_id, $2::integer, u.* FROM feeds f, unnest($3::text[], $4::uuid[], $5::text[], $6::uuid[]) AS u WHERE f.organization_id = $1`
	insertDocuments = `
INSERT INTO documents (organization_id, generation, kind, id, number, occurred_at, business_day, outlet_id, employee_id,
    status, type, total, counterparty_id, shift_id, refund_of_id, search, late,
    warehouse_id, to_warehouse_id, customer_name, placed_at, promised_at, delivered_at, remarks, remark_codes)
SELECT f.organization_id, $17::integer, u.* FROM feeds f, unnest($2::text[], $3::uuid[], $4::text[], $5::timestamptz[], $6::date[], $7::uuid[], $8::uuid[],
    $9::text[], $10::text[], $11::text[]::numeric[], $12::uuid[], $13::uuid[], $14::uuid[], $15::text[], $16::boolean[],
    $18::uuid[], $19::uuid[], $20::text[], $21::timestamptz[], $22::timestamptz[], $23::timestamptz[],
    $24::text[]::jsonb[], $25::text[]) AS u WHERE f.organization_id = $1`
	insertSales = `
INSERT INTO sales (organization_id, generation, receipt_id, business_day, hour, occurred_at, sign, outlet_id, shift_id, guests, late, ` + amountNames + `)
SELECT f.organization_id, $2::integer, u.* FROM feeds f, unnest($3::uuid[], $4::date[], $5::smallint[], $6::timestamptz[], $7::smallint[], $8::uuid[], $9::uuid[],
    $10::bigint[], $11::boolean[], ` + unnestedAmounts + `) AS u WHERE f.organization_id = $1`
	insertLines = `
INSERT INTO sale_lines (organization_id, generation, receipt_id, position, business_day, sign, outlet_id, product_id, name, quantity, leads, ` + amountNames + `)
SELECT f.organization_id, $2::integer, u.* FROM feeds f, unnest($3::uuid[], $4::integer[], $5::date[], $6::smallint[], $7::uuid[], $8::uuid[], $9::text[],
    $10::text[]::numeric[], $11::boolean[], ` + unnestedAmounts + `) AS u WHERE f.organization_id = $1`
	insertPayments = `
INSERT INTO sale_payments (organization_id, generation, receipt_id, position, business_day, sign, outlet_id, payment_type_id, amount)
SELECT f.organization_id, $9::integer, u.* FROM feeds f, unnest($2::uuid[], $3::integer[], $4::date[], $5::smallint[], $6::uuid[], $7::uuid[], $8::text[]::numeric[]) AS u WHERE f.organization_id = $1`
)

// inBulk is the writer of a step.
func inBulk(ctx context.Context, tx pgx.Tx, organization uuid.UUID, generation int32, changes []contribution) error {
	batch := &pgx.Batch{}
	queueDeletions(batch, organization, generation, changes)
	queueInsertions(batch, organization, generation, changes)
	return tx.SendBatch(ctx, batch).Close()
}

// queueDeletions deletes what the records contributed before. A first version has contributed
// nothing yet; but where a directory record comes again after its tombstone was purged, its
// name as a deleted one still stands. Plans are made anew for each step: one that was cached
// while a table was empty would read all of it.
func queueDeletions(batch *pgx.Batch, organization uuid.UUID, generation int32, changes []contribution) {
	byKind, firstByKind := map[string][]pgtype.UUID{}, map[string][]pgtype.UUID{}
	for _, c := range changes {
		if kind, known := record.Find(c.kind); !c.first {
			byKind[c.kind] = append(byKind[c.kind], presentID(c.id))
		} else if known && !kind.Document {
			firstByKind[c.kind] = append(firstByKind[c.kind], presentID(c.id))
		}
	}
	if len(byKind) == 0 && len(firstByKind) == 0 {
		return
	}
	batch.Queue("SET LOCAL plan_cache_mode = force_custom_plan")
	for kind, ids := range firstByKind {
		batch.Queue(deletionFrom("deleted_entries", "kind = $4 AND id = gone.id"), organization, generation, ids, kind)
	}
	for kind, ids := range byKind {
		tables := []string{"directory_entries", "deleted_entries"}
		if known, ok := record.Find(kind); ok && known.Document {
			tables = []string{"documents"}
		}
		for _, table := range tables {
			batch.Queue(deletionFrom(table, "kind = $4 AND id = gone.id"), organization, generation, ids, kind)
		}
	}
	if receipts := byKind[kindReceipt]; len(receipts) > 0 {
		for _, table := range []string{"sales", "sale_lines", "sale_payments"} {
			batch.Queue(deletionFrom(table, "receipt_id = gone.id"), organization, generation, receipts)
		}
	}
}

// deletionFrom deletes the rows of a table that belong to some ids. OFFSET 0 makes
// PostgreSQL look each id up by its key: where it has no statistics of an
// organization yet, it would rather read all that the organization has.
func deletionFrom(table, belongs string) string {
	return `
DELETE FROM ` + table + ` WHERE organization_id = $1 AND ctid = ANY (ARRAY(
    SELECT found.ctid FROM unnest($3::uuid[]) AS gone (id) CROSS JOIN LATERAL (
        SELECT ctid FROM ` + table + ` WHERE organization_id = $1 AND generation = $2 AND ` + belongs + ` OFFSET 0) AS found))`
}

// queueInsertions inserts what the records contribute now.
func queueInsertions(batch *pgx.Batch, organization uuid.UUID, generation int32, changes []contribution) {
	var entries entryColumns
	var deleted deletedColumns
	var documents documentColumns
	var sales saleColumns
	var lines lineColumns
	var payments paymentColumns
	for _, c := range changes {
		if c.rows.entry != nil {
			entries.appendRow(c.kind, c.id, c.rows.entry)
		}
		if c.rows.deleted != nil {
			deleted.appendRow(c.kind, c.id, c.rows.deleted)
		}
		if c.rows.document != nil {
			documents.appendRow(c.kind, c.id, c.rows.document)
		}
		if c.rows.sale != nil {
			sales.appendRow(c.id, c.rows.document, c.rows.sale)
			lines.appendRow(c.id, c.rows)
			payments.appendRow(c.id, c.rows)
		}
	}
	entries.queueInsert(batch, organization, generation)
	deleted.queueInsert(batch, organization, generation)
	documents.queueInsert(batch, organization, generation)
	sales.queueInsert(batch, organization, generation)
	lines.queueInsert(batch, organization, generation)
	payments.queueInsert(batch, organization, generation)
}
