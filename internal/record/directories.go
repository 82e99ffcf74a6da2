package record

// directories are the kinds of reference records.
var directories = []Kind{
	{Name: "unit", Place: 3, Fields: []Field{
		{Name: "name", Type: Text, Wanted: true, Column: "name", Role: AsTitle, Sort: true, Search: true},
		{Name: "short_name", Type: Text, Role: AsLine, Search: true},
		{Name: "code", Type: Text, Column: "code", Role: AsLine, Sort: true, Search: true},
	}},
	{Name: "product_group", Place: 2, Fields: []Field{
		{Name: "name", Type: Text, Wanted: true, Column: "name", Role: AsTitle, Sort: true, Search: true},
		{Name: "parent_id", Type: Reference, Kind: "product_group", Column: "group_id", Role: AsLine},
		{Name: "sort", Type: Integer, Note: "place among its neighbours"},
		{Name: "color", Type: Color, Role: AsLine},
	}},
	{Name: "product", Place: 1, Fields: []Field{
		{Name: "name", Type: Text, Wanted: true, Column: "name", Role: AsTitle, Sort: true, Search: true},
		{Name: "code", Type: Text, Column: "code", Role: AsLine, Sort: true, Search: true},
		{Name: "type", Type: Word, Required: true, Role: AsPlain,
			Choices: []string{"goods", "dish", "semi_finished", "ingredient", "modifier", "service"}},
		{Name: "group_id", Type: Reference, Kind: "product_group", Column: "group_id", Role: AsPlain, Filter: true},
		{Name: "unit_id", Type: Reference, Kind: "unit", Role: AsHidden},
		{Name: "price", Type: Money, Role: AsValue, Export: true},
		{Name: "cost", Type: Money, Role: AsHidden, Export: true},
		{Name: "tax_rate", Type: Percent},
		{Name: "sold_by_weight", Type: Boolean},
		{Name: "tracks_stock", Type: Boolean},
		{Name: "min_stock", Type: Quantity},
		{Name: "barcodes", Type: Texts, Search: true},
		{Name: "image_url", Type: URL},
		{Name: "archived", Type: Boolean, Column: "archived", Filter: true},
		{Name: "components", Type: List, Note: "what one unit is made of", Fields: []Field{
			{Name: "product_id", Type: Reference, Kind: "product", Required: true},
			{Name: "quantity", Type: Quantity, Required: true},
		}},
	}},
	{Name: "outlet", Place: 7, Fields: []Field{
		{Name: "name", Type: Text, Wanted: true, Column: "name", Role: AsTitle, Sort: true, Search: true},
		{Name: "address", Type: Text, Role: AsPlain, Search: true, Export: true},
		{Name: "phone", Type: Phone, Role: AsPlain, Search: true, Export: true},
	}},
	{Name: "warehouse", Place: 8, Fields: []Field{
		{Name: "name", Type: Text, Wanted: true, Column: "name", Role: AsTitle, Sort: true, Search: true},
		{Name: "outlet_id", Type: Reference, Kind: "outlet", Role: AsPlain},
		{Name: "address", Type: Text, Role: AsPlain, Search: true, Export: true},
	}},
	{Name: "employee", Place: 4, Fields: []Field{
		{Name: "name", Type: Text, Wanted: true, Column: "name", Role: AsTitle, Sort: true, Search: true},
		{Name: "code", Type: Text, Column: "code", Role: AsLine, Sort: true, Search: true},
		{Name: "position", Type: Text, Role: AsPlain, Search: true, Export: true},
		{Name: "phone", Type: Phone, Role: AsPlain, Search: true, Export: true},
		{Name: "email", Type: Email, Search: true, Export: true},
		{Name: "dismissed", Type: Boolean, Column: "archived", Filter: true},
	}},
	{Name: "counterparty", Place: 6, Fields: []Field{
		{Name: "name", Type: Text, Wanted: true, Column: "name", Role: AsTitle, Sort: true, Search: true},
		{Name: "code", Type: Text, Column: "code", Sort: true, Search: true},
		{Name: "tax_id", Type: Text, Role: AsLine, Search: true, Export: true},
		{Name: "is_supplier", Type: Boolean, Role: AsLine},
		{Name: "is_buyer", Type: Boolean, Role: AsHidden},
		{Name: "phone", Type: Phone, Role: AsPlain, Search: true, Export: true},
		{Name: "email", Type: Email, Search: true, Export: true},
		{Name: "address", Type: Text, Search: true, Export: true},
	}},
	{Name: "customer", Place: 5, Fields: []Field{
		{Name: "name", Type: Text, Wanted: true, Column: "name", Role: AsTitle, Sort: true, Search: true},
		{Name: "phone", Type: Phone, Role: AsPlain, Search: true, Export: true},
		{Name: "email", Type: Email, Search: true, Export: true},
		{Name: "birthday", Type: Date},
		{Name: "card_number", Type: Text, Role: AsLine, Search: true, Export: true},
		{Name: "discount_percent", Type: Percent, Role: AsLine},
		{Name: "bonus_balance", Type: Money, Role: AsValue},
		{Name: "address", Type: Text, Search: true, Export: true},
		{Name: "note", Type: LongText},
	}},
	{Name: "payment_type", Place: 10, Fields: []Field{
		{Name: "name", Type: Text, Wanted: true, Column: "name", Role: AsTitle, Sort: true, Search: true},
		{Name: "type", Type: Word, Required: true, Role: AsPlain,
			Choices: []string{"cash", "card", "transfer", "bonus", "certificate", "other"}},
	}},
	{Name: "discount", Place: 11, Fields: []Field{
		{Name: "name", Type: Text, Wanted: true, Column: "name", Role: AsTitle, Sort: true, Search: true},
		{Name: "mode", Type: Word, Required: true, Role: AsPlain, Choices: []string{"percent", "amount"}},
		{Name: "value", Type: Money, Required: true, Role: AsValue, Note: "a surcharge is negative"},
	}},
	{Name: "hall", Place: 9, Fields: []Field{
		{Name: "name", Type: Text, Wanted: true, Column: "name", Role: AsTitle, Sort: true, Search: true},
		{Name: "outlet_id", Type: Reference, Kind: "outlet", Role: AsPlain},
		{Name: "tables", Type: List, Role: AsValue, Fields: []Field{
			{Name: "id", Type: ID, Wanted: true},
			{Name: "name", Type: Text, Wanted: true},
			{Name: "seats", Type: Integer},
		}},
	}},
	{Name: "waste_reason", Place: 12, Fields: []Field{
		{Name: "name", Type: Text, Wanted: true, Column: "name", Role: AsTitle, Sort: true, Search: true},
	}},
}
