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
var order = slices.Concat([]Field{
	number,
	{Name: "occurred_at", Type: Moment, Column: "occurred_at", Role: AsPlain, Sort: true, Export: true, Note: "left out: placed_at"},
	{Name: "status", Type: Word, Required: true, Decisive: true, Choices: append(slices.Clone(OrderStatuses), cancelled), Column: "status", Filter: true, Export: true},
	outlet,
	{Name: "employee_id", Type: Reference, Kind: "employee"},
	note,
	{Name: "type", Type: Word, Required: true, Choices: []string{"courier", "pickup"}, Column: "type", Filter: true, Export: true},
	{Name: "placed_at", Type: Moment, Required: true, Column: "placed_at"},
	{Name: "promised_at", Type: Moment, Column: "promised_at", Role: AsLine, Export: true,
		Note: "left out: placed_at + the organization's default delivery time"},
	{Name: "customer_id", Type: Reference, Kind: "customer", Column: "counterparty_id", Export: true},
	{Name: "customer_name", Type: Text, Column: "customer_name", Role: AsPlain, Search: true, Export: true},
	{Name: "phone", Type: Phone, Wanted: true, Search: true},
	{Name: "address", Type: LongText, Search: true},
	{Name: "courier_id", Type: Reference, Kind: "employee", Column: "employee_id", Role: AsHidden, Export: true},
	{Name: "operator_id", Type: Reference, Kind: "employee"},
}, reachedAt(), []Field{
	{Name: "cancel_reason", Type: LongText},
}, sums, []Field{
	{Name: "lines", Type: List, Wanted: true, Fields: saleLine},
	{Name: "payments", Type: List, Fields: payment},
})

func reachedAt() (times []Field) {
	for _, status := range append(slices.Clone(OrderStatuses[1:]), cancelled) {
		at := Field{Name: status + "_at", Type: Moment}
		if status == delivered {
			at.Column, at.Role, at.Export = "delivered_at", AsLine, true
		}
		times = append(times, at)
	}
	return times
}

// orderConsistency refuses an order that is picked up and on its way (pickup_on_way).
func orderConsistency(order canonical.Value, report reporter) {
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
