package mapping

// itself stands for the kind that the field belongs to.
const itself = "itself"

// references are the kinds that fields point to by their names; another kind
// is named in the file by ref.
var references = map[string]string{
	"parent_id":         itself,
	"group_id":          "product_group",
	"unit_id":           "unit",
	"product_id":        "product",
	"outlet_id":         "outlet",
	"warehouse_id":      "warehouse",
	"from_warehouse_id": "warehouse",
	"to_warehouse_id":   "warehouse",
	"employee_id":       "employee",
	"waiter_id":         "employee",
	"courier_id":        "employee",
	"operator_id":       "employee",
	"opened_by":         "employee",
	"closed_by":         "employee",
	"supplier_id":       "counterparty",
	"customer_id":       "customer",
	"hall_id":           "hall",
	"shift_id":          "cash_shift",
	"refund_of_id":      "receipt",
	"payment_type_id":   "payment_type",
	"reason_id":         "waste_reason",
}
