package record

import "slices"

// Fields that documents have in common.
var (
	number     = Field{Name: "number", Type: Text, Wanted: true, Column: "number", Role: AsTitle, Sort: true, Search: true, Export: true}
	occurredAt = Field{Name: "occurred_at", Type: Moment, Required: true, Column: "occurred_at", Role: AsPlain, Sort: true, Export: true,
		Note: "business time, by the local clock"}
	status   = Field{Name: "status", Type: Word, Column: "status", Filter: true, Export: true}
	outlet   = Field{Name: "outlet_id", Type: Reference, Kind: "outlet", Column: "outlet_id", Role: AsPlain, Filter: true, Export: true}
	employee = Field{Name: "employee_id", Type: Reference, Kind: "employee", Column: "employee_id", Role: AsHidden, Filter: true, Export: true}
	note     = Field{Name: "note", Type: LongText, Search: true}

	warehouse = Field{Name: "warehouse_id", Type: Reference, Kind: "warehouse", Wanted: true, Column: "warehouse_id", Role: AsPlain, Filter: true, Export: true}
	total     = Field{Name: "total", Type: Money, Required: true, Column: "total", Role: AsValue, Sort: true, Export: true}
)

// heading are the fields that every document has but for a delivery order.
var heading = []Field{number, occurredAt, status, outlet, employee, note}

// documents are the kinds of dated records.
var documents = []Kind{
	{Name: "cash_shift", Document: true, Place: 2, Fields: slices.Concat(heading, []Field{
		{Name: "opened_at", Type: Moment, Wanted: true},
		{Name: "opened_by", Type: Reference, Kind: "employee", Column: "employee_id"},
		{Name: "closed_at", Type: Moment},
		{Name: "closed_by", Type: Reference, Kind: "employee"},
		{Name: "opening_cash", Type: Money},
		{Name: "closing_cash", Type: Money},
		{Name: "movements", Type: List, Fields: []Field{
			{Name: "at", Type: Moment, Wanted: true},
			{Name: "direction", Type: Word, Required: true, Choices: []string{"in", "out", "collection"}},
			{Name: "note", Type: LongText},
			{Name: "amount", Type: Money, Required: true},
		}},
	})},
	{Name: "receipt", Document: true, Place: 1, arithmetic: receiptArithmetic, Fields: slices.Concat([]Field{
		number, occurredAt, withChoices(status, "open", "closed", "cancelled"), giving(outlet, "figures by outlet"), employee, note,
		{Name: "type", Type: Word, Required: true, Decisive: true, Choices: []string{"sale", "refund"}, Column: "type", Filter: true, Export: true},
		{Name: "refund_of_id", Type: Reference, Kind: "receipt", Column: "refund_of_id"},
		{Name: "shift_id", Type: Reference, Kind: "cash_shift", Column: "shift_id"},
		{Name: "opened_at", Type: Moment},
		{Name: "closed_at", Type: Moment, Note: "of an open receipt: left out"},
		{Name: "waiter_id", Type: Reference, Kind: "employee", Column: "employee_id"},
		{Name: "hall_id", Type: Reference, Kind: "hall"},
		{Name: "table", Type: Text},
		{Name: "guests", Type: Integer},
		{Name: "customer_id", Type: Reference, Kind: "customer", Column: "counterparty_id", Export: true},
		{Name: "source", Type: Word},
		{Name: "fiscal_number", Type: Text, Search: true},
		{Name: "cancel_reason", Type: LongText},
	}, sums, []Field{
		{Name: "lines", Type: List, Wanted: true, Fields: saleLine},
		{Name: "payments", Type: List, Wanted: true, Fields: payment},
	})},
	{Name: "purchase", Document: true, Place: 3, arithmetic: purchaseArithmetic, Fields: purchase},
	{Name: "purchase_return", Document: true, Place: 4, arithmetic: purchaseArithmetic, Fields: purchase},
	{Name: "write_off", Document: true, Place: 5, Fields: slices.Concat(heading, []Field{
		warehouse,
		{Name: "reason_id", Type: Reference, Kind: "waste_reason"},
		{Name: "lines", Type: List, Required: true, Fields: stockLine},
	})},
	{Name: "transfer", Document: true, Place: 6, Fields: slices.Concat(heading, []Field{
		{Name: "from_warehouse_id", Type: Reference, Kind: "warehouse", Required: true, Column: "warehouse_id", Role: AsLine, Export: true},
		{Name: "to_warehouse_id", Type: Reference, Kind: "warehouse", Required: true, Column: "to_warehouse_id", Role: AsLine, Export: true},
		{Name: "lines", Type: List, Required: true, Fields: stockLine},
	})},
	{Name: "stocktake", Document: true, Place: 7, Fields: slices.Concat(heading, []Field{
		warehouse,
		{Name: "lines", Type: List, Required: true, Fields: []Field{
			{Name: "product_id", Type: Reference, Kind: "product", Required: true},
			{Name: "expected", Type: Quantity, Required: true},
			{Name: "counted", Type: Quantity, Required: true},
			{Name: "cost", Type: Money, Note: "of the difference: negative where goods are missing"},
		}},
	})},
	{Name: "production", Document: true, Place: 8, Fields: slices.Concat(heading, []Field{
		warehouse,
		{Name: "lines", Type: List, Required: true, Fields: stockLine},
		{Name: "consumed", Type: List, Fields: stockLine},
	})},
	{Name: "delivery_order", Document: true, Place: 9, Module: DeliveryModule, Shared: true, consistency: orderConsistency, arithmetic: saleArithmetic, steps: orderSteps, Fields: order},
}

// withChoices is a word that is one of some.
func withChoices(field Field, choices ...string) Field {
	field.Choices = choices
	return field
}

// giving is a field that figures have something of.
func giving(field Field, figures string) Field {
	field.Gives = figures
	return field
}

// sums are the amounts between the lines and the total of what is sold, and the total.
var sums = []Field{
	{Name: "tax_included", Type: Boolean, Note: "left out: true; prices and totals of the lines hold their tax"},
	{Name: "discount_total", Type: Money},
	{Name: "service_charge", Type: Money},
	{Name: "tax_total", Type: Money},
	{Name: "tip", Type: Money},
	{Name: "rounding", Type: Money},
	total,
}

var saleLine = []Field{
	{Name: "id", Type: ID},
	{Name: "product_id", Type: Reference, Kind: "product", Gives: "sales by product", Note: "left out: an open item, known by its name"},
	{Name: "name", Type: Text, Wanted: true, Note: "as sold"},
	{Name: "quantity", Type: Quantity, Wanted: true, Note: "negative: what comes back within a sale"},
	{Name: "price", Type: Money, Wanted: true},
	{Name: "discount", Type: Money, Note: "negative: a surcharge"},
	{Name: "total", Type: Money, Required: true},
	{Name: "tax_rate", Type: Percent},
	{Name: "tax", Type: Money},
	{Name: "tax_included", Type: Boolean, Note: "left out: as the document says"},
	{Name: "cost", Type: Money, Gives: "gross profit and margin", Note: "of the line"},
	{Name: "note", Type: LongText},
	{Name: "modifiers", Type: List, Fields: []Field{
		{Name: "product_id", Type: Reference, Kind: "product"},
		{Name: "name", Type: Text, Wanted: true},
		{Name: "quantity", Type: Quantity, Wanted: true, Note: "for the whole line"},
		{Name: "price", Type: Money, Wanted: true},
	}},
}

var payment = []Field{
	{Name: "payment_type_id", Type: Reference, Kind: "payment_type", Wanted: true, Gives: "payments by type"},
	{Name: "at", Type: Moment},
	{Name: "amount", Type: Money, Required: true, Note: "negative: change, or money given back"},
}

// purchase are the fields of what comes from a supplier, and of what goes back.
var purchase = slices.Concat(heading, []Field{
	{Name: "supplier_id", Type: Reference, Kind: "counterparty", Column: "counterparty_id", Role: AsPlain, Export: true},
	warehouse,
	{Name: "supplier_number", Type: Text, Search: true},
	{Name: "due_date", Type: Date},
	total,
	{Name: "lines", Type: List, Wanted: true, Fields: []Field{
		{Name: "product_id", Type: Reference, Kind: "product", Wanted: true},
		{Name: "quantity", Type: Quantity, Wanted: true},
		{Name: "price", Type: Money, Wanted: true},
		{Name: "tax", Type: Money},
		{Name: "total", Type: Money, Required: true},
	}},
})

// stockLine is a product that enters or leaves a warehouse.
var stockLine = []Field{
	{Name: "product_id", Type: Reference, Kind: "product", Required: true},
	{Name: "quantity", Type: Quantity, Required: true},
	{Name: "cost", Type: Money, Note: "of the line"},
}
