package projection

import (
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"
	"github.com/shopspring/decimal"
)

// The columns of each table, one array each, as unnest takes them.

type entryColumns struct {
	kinds, names, codes, searches []string
	ids                           []pgtype.UUID
	groups                        []pgtype.UUID
	archived                      []bool
	remarks                       remarkColumns
}

func (t *entryColumns) appendRow(kind string, id uuid.UUID, e *entry) {
	t.kinds, t.ids = append(t.kinds, kind), append(t.ids, presentID(id))
	t.names, t.codes = append(t.names, e.name), append(t.codes, e.code)
	t.groups, t.archived = append(t.groups, nullableID(e.group)), append(t.archived, e.archived)
	t.searches = append(t.searches, e.search)
	t.remarks.appendRow(e.remarks)
}

func (t *entryColumns) queueInsert(batch *pgx.Batch, organization uuid.UUID, generation int32) {
	if len(t.ids) > 0 {
		batch.Queue(insertEntries, organization, t.kinds, t.ids, t.names, t.codes, t.groups, t.archived, t.searches, generation,
			t.remarks.lists, t.remarks.codes)
	}
}

type deletedColumns struct {
	kinds, names []string
	ids, groups  []pgtype.UUID
}

func (t *deletedColumns) appendRow(kind string, id uuid.UUID, e *deletedEntry) {
	t.kinds, t.ids = append(t.kinds, kind), append(t.ids, presentID(id))
	t.names, t.groups = append(t.names, e.name), append(t.groups, nullableID(e.group))
}

func (t *deletedColumns) queueInsert(batch *pgx.Batch, organization uuid.UUID, generation int32) {
	if len(t.ids) > 0 {
		batch.Queue(insertDeleted, organization, generation, t.kinds, t.ids, t.names, t.groups)
	}
}

type documentColumns struct {
	kinds, numbers, statuses, types, searches           []string
	customers                                           []string
	ids                                                 []pgtype.UUID
	times, days                                         []time.Time
	placed, promised, delivered                         []*time.Time
	outlets, employees, counterparties, shifts, refunds []pgtype.UUID
	warehouses, toWarehouses                            []pgtype.UUID
	totals                                              []*string
	lates                                               []bool
	remarks                                             remarkColumns
}

func (t *documentColumns) appendRow(kind string, id uuid.UUID, d *document) {
	t.kinds, t.ids, t.numbers = append(t.kinds, kind), append(t.ids, presentID(id)), append(t.numbers, d.number)
	t.times, t.days = append(t.times, d.occurredAt), append(t.days, d.day)
	t.outlets, t.employees = append(t.outlets, nullableID(d.outlet)), append(t.employees, nullableID(d.employee))
	t.statuses, t.types = append(t.statuses, d.status), append(t.types, d.kindType)
	t.counterparties, t.shifts = append(t.counterparties, nullableID(d.counterparty)), append(t.shifts, nullableID(d.shift))
	t.refunds, t.searches = append(t.refunds, nullableID(d.refundOf)), append(t.searches, d.search)
	t.warehouses, t.toWarehouses = append(t.warehouses, nullableID(d.warehouse)), append(t.toWarehouses, nullableID(d.toWarehouse))
	t.customers, t.placed = append(t.customers, d.customerName), append(t.placed, d.placedAt)
	t.promised, t.delivered = append(t.promised, d.promisedAt), append(t.delivered, d.deliveredAt)
	var total *string
	if d.total.Valid {
		text := d.total.Decimal.String()
		total = &text
	}
	t.totals, t.lates = append(t.totals, total), append(t.lates, d.late)
	t.remarks.appendRow(d.remarks)
}

func (t *documentColumns) queueInsert(batch *pgx.Batch, organization uuid.UUID, generation int32) {
	if len(t.ids) > 0 {
		batch.Queue(insertDocuments, organization, t.kinds, t.ids, t.numbers, t.times, t.days, t.outlets, t.employees,
			t.statuses, t.types, t.totals, t.counterparties, t.shifts, t.refunds, t.searches, t.lates, generation,
			t.warehouses, t.toWarehouses, t.customers, t.placed, t.promised, t.delivered, t.remarks.lists, t.remarks.codes)
	}
}

type saleColumns struct {
	receipts        []pgtype.UUID
	days, times     []time.Time
	hours, signs    []int16
	outlets, shifts []pgtype.UUID
	guests          []int64
	lates           []bool
	amounts         amountColumns
}

func (t *saleColumns) appendRow(receipt uuid.UUID, d *document, s *sale) {
	t.receipts, t.days, t.times = append(t.receipts, presentID(receipt)), append(t.days, d.day), append(t.times, d.occurredAt)
	t.hours, t.signs = append(t.hours, s.hour), append(t.signs, s.sign)
	t.outlets, t.shifts = append(t.outlets, nullableID(d.outlet)), append(t.shifts, nullableID(d.shift))
	t.guests, t.lates = append(t.guests, s.guests), append(t.lates, d.late)
	t.amounts.appendRow(&s.amounts)
}

func (t *saleColumns) queueInsert(batch *pgx.Batch, organization uuid.UUID, generation int32) {
	if len(t.receipts) > 0 {
		batch.Queue(insertSales, append([]any{organization, generation, t.receipts, t.days, t.hours, t.times, t.signs, t.outlets, t.shifts,
			t.guests, t.lates}, t.amounts.arguments()...)...)
	}
}

type lineColumns struct {
	receipts, products []pgtype.UUID
	positions          []int32
	days               []time.Time
	signs              []int16
	outlets            []pgtype.UUID
	names, quantities  []string
	leads              []bool
	amounts            amountColumns
}

func (t *lineColumns) appendRow(receipt uuid.UUID, r rows) {
	for i := range r.lines {
		line := &r.lines[i]
		t.receipts, t.positions = append(t.receipts, presentID(receipt)), append(t.positions, int32(i))
		t.days, t.signs = append(t.days, r.document.day), append(t.signs, r.sale.sign)
		t.outlets, t.products = append(t.outlets, nullableID(r.document.outlet)), append(t.products, nullableID(line.product))
		t.names, t.quantities = append(t.names, line.name), append(t.quantities, decimalText(line.quantity))
		t.leads = append(t.leads, line.leads)
		t.amounts.appendRow(&line.amounts)
	}
}

func (t *lineColumns) queueInsert(batch *pgx.Batch, organization uuid.UUID, generation int32) {
	if len(t.receipts) > 0 {
		batch.Queue(insertLines, append([]any{organization, generation, t.receipts, t.positions, t.days, t.signs, t.outlets, t.products,
			t.names, t.quantities, t.leads}, t.amounts.arguments()...)...)
	}
}

type paymentColumns struct {
	receipts, types []pgtype.UUID
	positions       []int32
	days            []time.Time
	signs           []int16
	outlets         []pgtype.UUID
	amounts         []string
}

func (t *paymentColumns) appendRow(receipt uuid.UUID, r rows) {
	for i, payment := range r.payments {
		t.receipts, t.positions = append(t.receipts, presentID(receipt)), append(t.positions, int32(i))
		t.days, t.signs = append(t.days, r.document.day), append(t.signs, r.sale.sign)
		t.outlets, t.types = append(t.outlets, nullableID(r.document.outlet)), append(t.types, presentID(payment.paymentType))
		t.amounts = append(t.amounts, decimalText(payment.amount))
	}
}

func (t *paymentColumns) queueInsert(batch *pgx.Batch, organization uuid.UUID, generation int32) {
	if len(t.receipts) > 0 {
		batch.Queue(insertPayments, organization, t.receipts, t.positions, t.days, t.signs, t.outlets, t.types, t.amounts, generation)
	}
}

// decimalText is a decimal as PostgreSQL reads it.
func decimalText(amount decimal.Decimal) string { return amount.String() }

// presentID and nullableID are ids in the type that pgx writes fastest.
func presentID(id uuid.UUID) pgtype.UUID { return pgtype.UUID{Bytes: id, Valid: true} }

func nullableID(id uuid.NullUUID) pgtype.UUID { return pgtype.UUID{Bytes: id.UUID, Valid: id.Valid} }
