package record

// anyDocument are the fields of all documents.
var anyDocument = fields(
	required(text, "number"), required(instant, "occurred_at"),
	of(id, "outlet_id", "employee_id"), of(longText, "note"))

// documents are the kinds of dated records.
var documents = []Kind{
	{Name: "cash_shift", Document: true, Fields: fields(anyDocument,
		required(instant, "opened_at"), of(instant, "closed_at"), of(id, "opened_by", "closed_by"),
		of(money, "opening_cash", "closing_cash"), of(text, "status"),
		one(listOf("movements",
			required(instant, "at"), one(need(oneOf("direction", "in", "out", "collection"))),
			required(amount, "amount"), of(longText, "note"))))},
	{Name: "receipt", Document: true, rules: receiptSums, Fields: fields(anyDocument,
		one(need(oneOf("type", "sale", "refund"))), one(oneOf("status", "closed", "cancelled")),
		of(id, "refund_of_id", "shift_id", "hall_id", "customer_id", "waiter_id"),
		of(instant, "opened_at"), required(instant, "closed_at"),
		of(text, "table", "source", "fiscal_number"), of(integer, "guests"), of(longText, "cancel_reason"),
		saleSums,
		one(need(listOf("lines", receiptLine))), one(need(listOf("payments", receiptPayment))))},
	{Name: "purchase", Document: true, rules: purchaseSums, Fields: purchase},
	{Name: "purchase_return", Document: true, rules: purchaseSums, Fields: purchase},
	{Name: "write_off", Document: true, Fields: fields(anyDocument,
		required(id, "warehouse_id"), of(id, "reason_id"), of(text, "status"), one(need(listOf("lines", stockLine))))},
	{Name: "transfer", Document: true, Fields: fields(anyDocument,
		required(id, "from_warehouse_id", "to_warehouse_id"), of(text, "status"), one(need(listOf("lines", stockLine))))},
	{Name: "stocktake", Document: true, Fields: fields(anyDocument,
		required(id, "warehouse_id"), of(text, "status"), one(need(listOf("lines",
			required(id, "product_id"), required(quantity, "expected"), required(measure, "counted"), of(money, "cost")))))},
	{Name: "production", Document: true, Fields: fields(anyDocument,
		required(id, "warehouse_id"), of(text, "status"),
		one(need(listOf("lines", stockLine))), one(listOf("consumed", stockLine)))},
	{Name: "delivery_order", Document: true, Module: DeliveryModule, Shared: true, rules: orderRules, steps: orderSteps, Fields: order},
}

// saleSums are the amounts between the lines and the total of what is sold.
var saleSums = fields(of(money, "discount_total", "rounding"), of(amount, "tax_total", "tip"), required(amount, "total"))

var receiptLine = fields(
	required(id, "id", "product_id"), required(text, "name"),
	required(measure, "quantity"), required(amount, "price"), of(money, "discount"), required(amount, "total"),
	of(measure, "tax_rate"), of(amount, "tax", "cost"), of(longText, "note"),
	one(listOf("modifiers",
		of(id, "product_id"), required(text, "name"), required(measure, "quantity"), required(amount, "price"))))

var receiptPayment = fields(required(id, "payment_type_id"), required(amount, "amount"), of(instant, "at"))

// purchase are the fields of what comes from a supplier, and of what goes back.
var purchase = fields(anyDocument,
	of(id, "supplier_id"), required(id, "warehouse_id"), of(text, "supplier_number", "status"), of(date, "due_date"),
	required(amount, "total"), one(need(listOf("lines",
		required(id, "product_id"), required(measure, "quantity"), required(amount, "price"),
		required(amount, "total"), of(amount, "tax")))))

// stockLine is a product that enters or leaves a warehouse; its cost is that of
// the line.
var stockLine = fields(required(id, "product_id"), required(measure, "quantity"), of(amount, "cost"))
