package record

import (
	"slices"

	"github.com/interpos/cabinet/internal/canonical"
	"github.com/interpos/cabinet/internal/fault"
)

// DeliveryModule is the licensed module that delivery orders need.
const DeliveryModule = "delivery"

// OrderStatuses are the statuses of a delivery order in the order in which it
// goes through them. `cancelled` is beside them: it ends an order that was not
// delivered.
var OrderStatuses = []string{"new", "accepted", "cooking", "ready", "on_way", "delivered", "closed"}

const (
	cancelled = "cancelled"
	onWay     = "on_way"
	delivered = "delivered"
)

// order are the fields of a delivery order. Each status but the first, whose
// time is placed_at, has the time at which it was reached: accepted_at, …
var order = func() []Field {
	reached := []string{cancelled + "_at"}
	for _, status := range OrderStatuses[1:] {
		reached = append(reached, status+"_at")
	}
	return fields(
		required(text, "number", "phone"), required(instant, "placed_at"),
		one(need(oneOf("status", append([]string{cancelled}, OrderStatuses...)...))), one(need(oneOf("type", "courier", "pickup"))),
		of(instant, "occurred_at", "promised_at"), of(instant, reached...),
		of(id, "outlet_id", "employee_id", "customer_id", "courier_id", "operator_id"),
		of(text, "customer_name"), of(longText, "address", "cancel_reason", "note"),
		saleSums, one(need(listOf("lines", receiptLine))), one(listOf("payments", receiptPayment)))
}()

// orderRules holds a delivery order against its own arithmetic, which is that of
// the receipt it becomes but for the payments: it may not be paid yet. An order
// that is picked up is never on its way (pickup_on_way).
func orderRules(order canonical.Value, minorDigits int, report reporter) {
	soldSums(order, minorDigits, report)
	if textOf(order, "type") == "pickup" && textOf(order, "status") == onWay {
		report("status", "pickup_on_way", "an order that is picked up is never on its way")
	}
}

// orderSteps holds a change of a delivery order against the order as it is:
// statuses may be skipped, never taken back (status_taken_back); what was
// delivered is not cancelled any more (cancelled_too_late).
func orderSteps(before, after canonical.Value, report reporter) {
	from, to := textOf(before, "status"), textOf(after, "status")
	switch {
	case from == to || from == "":
	case to == cancelled && slices.Index(OrderStatuses, from) < slices.Index(OrderStatuses, delivered):
	case to == cancelled:
		report("status", "cancelled_too_late", "an order that was "+from+" cannot be cancelled")
	case from == cancelled || slices.Index(OrderStatuses, to) < slices.Index(OrderStatuses, from):
		report("status", "status_taken_back", "an order that was "+from+" cannot become "+to+" again")
	}
}

// CheckStep holds a change of a record against the data that it replaces: what
// may not follow upon what. Both are good by themselves. nil means that the
// change is good.
func (k *Kind) CheckStep(before, after canonical.Value) (faults []fault.Field) {
	if k.steps != nil {
		k.steps(before, after, func(path, code, message string) {
			faults = append(faults, fault.Field{Field: path, Code: code, Message: message})
		})
	}
	return faults
}

func textOf(object canonical.Value, name string) string {
	value, _ := object.Get(name)
	text, _ := value.Text()
	return text
}
