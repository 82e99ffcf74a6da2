package record

// directories are the kinds of reference records.
var directories = []Kind{
	{Name: "unit", Fields: fields(required(text, "name"), of(text, "code", "short_name"))},
	{Name: "product_group", Fields: fields(
		required(text, "name"), of(id, "parent_id"), of(integer, "sort"), of(text, "color"))},
	{Name: "product", Fields: fields(
		required(text, "name"),
		one(need(oneOf("type", "goods", "dish", "semi_finished", "ingredient", "modifier", "service"))),
		of(text, "code", "image_url"), of(id, "group_id", "unit_id"), of(texts, "barcodes"),
		of(amount, "price", "cost"), of(measure, "tax_rate", "min_stock"),
		of(boolean, "sold_by_weight", "tracks_stock", "archived"),
		one(listOf("components", required(id, "product_id"), required(measure, "quantity"))))},
	{Name: "outlet", Fields: fields(required(text, "name"), of(text, "address", "phone"))},
	{Name: "warehouse", Fields: fields(required(text, "name"), of(id, "outlet_id"), of(text, "address"))},
	{Name: "employee", Fields: fields(
		required(text, "name"), of(text, "code", "position", "phone", "email"), of(boolean, "dismissed"))},
	{Name: "counterparty", Fields: fields(
		required(text, "name"), of(text, "code", "tax_id", "phone", "email", "address"),
		of(boolean, "is_supplier", "is_buyer"))},
	{Name: "customer", Fields: fields(
		required(text, "name"), of(text, "phone", "email", "card_number", "address"), of(date, "birthday"),
		of(measure, "discount_percent"), of(money, "bonus_balance"), of(longText, "note"))},
	{Name: "payment_type", Fields: fields(
		required(text, "name"), one(need(oneOf("type", "cash", "card", "transfer", "bonus", "certificate", "other"))))},
	{Name: "discount", Fields: fields(
		required(text, "name"), one(need(oneOf("mode", "percent", "amount"))), required(money, "value"))},
	{Name: "hall", Fields: fields(
		required(text, "name"), of(id, "outlet_id"),
		one(listOf("tables", required(id, "id"), required(text, "name"), of(integer, "seats"))))},
	{Name: "waste_reason", Fields: required(text, "name")},
}
