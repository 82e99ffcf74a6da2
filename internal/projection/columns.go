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
}

func (t *entryColumns) add(kind string, id uuid.UUID, e *entry) {
	t.kinds, t.ids = append(t.kinds, kind), append(t.ids, present(id))
	t.names, t.codes = append(t.names, e.name), append(t.codes, e.code)
	t.groups, t.archived = append(t.groups, nullable(e.group)), append(t.archived, e.archived)
	t.searches = append(t.searches, e.search)
}

func (t *entryColumns) queue(batch *pgx.Batch, organization uuid.UUID, generation int32) {
	if len(t.ids) > 0 {
		batch.Queue(insertEntries, organization, t.kinds, t.ids, t.names, t.codes, t.groups, t.archived, t.searches, generation)
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
}

func (t *documentColumns) add(kind string, id uuid.UUID, d *document) {
	t.kinds, t.ids, t.numbers = append(t.kinds, kind), append(t.ids, present(id)), append(t.numbers, d.number)
	t.times, t.days = append(t.times, d.occurredAt), append(t.days, d.day)
	t.outlets, t.employees = append(t.outlets, nullable(d.outlet)), append(t.employees, nullable(d.employee))
	t.statuses, t.types = append(t.statuses, d.status), append(t.types, d.kindType)
	t.counterparties, t.shifts = append(t.counterparties, nullable(d.counterparty)), append(t.shifts, nullable(d.shift))
	t.refunds, t.searches = append(t.refunds, nullable(d.refundOf)), append(t.searches, d.search)
	t.warehouses, t.toWarehouses = append(t.warehouses, nullable(d.warehouse)), append(t.toWarehouses, nullable(d.toWarehouse))
	t.customers, t.placed = append(t.customers, d.customerName), append(t.placed, d.placedAt)
	t.promised, t.delivered = append(t.promised, d.promisedAt), append(t.delivered, d.deliveredAt)
	var total *string
	if d.total.Valid {
		text := d.total.Decimal.String()
		total = &text
	}
	t.totals, t.lates = append(t.totals, total), append(t.lates, d.late)
}

func (t *documentColumns) queue(batch *pgx.Batch, organization uuid.UUID, generation int32) {
	if len(t.ids) > 0 {
		batch.Queue(insertDocuments, organization, t.kinds, t.ids, t.numbers, t.times, t.days, t.outlets, t.employees,
			t.statuses, t.types, t.totals, t.counterparties, t.shifts, t.refunds, t.searches, t.lates, generation,
			t.warehouses, t.toWarehouses, t.customers, t.placed, t.promised, t.delivered)
	}
}

type saleColumns struct {
	receipts                           []pgtype.UUID
	days, times                        []time.Time
	hours, signs                       []int16
	outlets, shifts                    []pgtype.UUID
	gross, discounts, tax, tips, costs []string
	guests                             []int64
	lates                              []bool
}

func (t *saleColumns) add(receipt uuid.UUID, d *document, s *sale) {
	t.receipts, t.days, t.times = append(t.receipts, present(receipt)), append(t.days, d.day), append(t.times, d.occurredAt)
	t.hours, t.signs = append(t.hours, s.hour), append(t.signs, s.sign)
	t.outlets, t.shifts = append(t.outlets, nullable(d.outlet)), append(t.shifts, nullable(d.shift))
	t.gross, t.discounts = append(t.gross, exact(s.gross)), append(t.discounts, exact(s.discounts))
	t.tax, t.tips, t.costs = append(t.tax, exact(s.tax)), append(t.tips, exact(s.tip)), append(t.costs, exact(s.cost))
	t.guests, t.lates = append(t.guests, s.guests), append(t.lates, d.late)
}

func (t *saleColumns) queue(batch *pgx.Batch, organization uuid.UUID, generation int32) {
	if len(t.receipts) > 0 {
		batch.Queue(insertSales, organization, t.receipts, t.days, t.hours, t.times, t.signs, t.outlets, t.shifts,
			t.gross, t.discounts, t.tax, t.tips, t.costs, t.guests, t.lates, generation)
	}
}

type lineColumns struct {
	receipts, products                  []pgtype.UUID
	positions                           []int32
	days                                []time.Time
	signs                               []int16
	outlets                             []pgtype.UUID
	names                               []string
	quantities, gross, discounts, costs []string
	leads                               []bool
}

func (t *lineColumns) add(receipt uuid.UUID, r rows) {
	for i, line := range r.lines {
		t.receipts, t.positions = append(t.receipts, present(receipt)), append(t.positions, int32(i))
		t.days, t.signs = append(t.days, r.document.day), append(t.signs, r.sale.sign)
		t.outlets, t.products = append(t.outlets, nullable(r.document.outlet)), append(t.products, present(line.product))
		t.names, t.quantities = append(t.names, line.name), append(t.quantities, exact(line.quantity))
		t.gross, t.discounts = append(t.gross, exact(line.gross)), append(t.discounts, exact(line.discounts))
		t.costs, t.leads = append(t.costs, exact(line.cost)), append(t.leads, line.leads)
	}
}

func (t *lineColumns) queue(batch *pgx.Batch, organization uuid.UUID, generation int32) {
	if len(t.receipts) > 0 {
		batch.Queue(insertLines, organization, t.receipts, t.positions, t.days, t.signs, t.outlets, t.products, t.names,
			t.quantities, t.gross, t.discounts, t.costs, t.leads, generation)
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

func (t *paymentColumns) add(receipt uuid.UUID, r rows) {
	for i, payment := range r.payments {
		t.receipts, t.positions = append(t.receipts, present(receipt)), append(t.positions, int32(i))
		t.days, t.signs = append(t.days, r.document.day), append(t.signs, r.sale.sign)
		t.outlets, t.types = append(t.outlets, nullable(r.document.outlet)), append(t.types, present(payment.paymentType))
		t.amounts = append(t.amounts, exact(payment.amount))
	}
}

func (t *paymentColumns) queue(batch *pgx.Batch, organization uuid.UUID, generation int32) {
	if len(t.receipts) > 0 {
		batch.Queue(insertPayments, organization, t.receipts, t.positions, t.days, t.signs, t.outlets, t.types, t.amounts, generation)
	}
}

// exact is a decimal as PostgreSQL reads it.
func exact(amount decimal.Decimal) string { return amount.String() }

// present and nullable are ids in the type that pgx writes fastest.
func present(id uuid.UUID) pgtype.UUID { return pgtype.UUID{Bytes: id, Valid: true} }

func nullable(id uuid.NullUUID) pgtype.UUID { return pgtype.UUID{Bytes: id.UUID, Valid: id.Valid} }
