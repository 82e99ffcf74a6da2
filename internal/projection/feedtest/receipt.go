//go:build linux

package feedtest

import (
	"encoding/json"
	"time"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"
)

// Line is a line of a receipt to be made. Amounts are decimal texts; an empty one
// is left out.
type Line struct {
	Product          uuid.UUID
	Name             string
	Quantity, Price  string
	Discount, Cost   string
	Modifier, ModQty string // price and quantity of one modifier
}

// Receipt is a receipt to be made. Fields that are left zero are left out of its
// data, but for those that a receipt must have.
type Receipt struct {
	ID                      uuid.UUID
	Number                  string
	At                      time.Time
	Refund                  bool
	RefundOf                uuid.UUID
	Status                  string
	Outlet, Employee, Shift uuid.UUID
	Customer                uuid.UUID
	PaymentType             uuid.UUID
	Lines                   []Line
	Discount, Tip, Rounding string
	Tax                     string
	Guests                  int
	Note                    string
	More                    map[string]any // fields that the kind does not know
}

// PaymentType is how receipts are paid that do not say otherwise.
var PaymentType = uuid.MustParse("11111111-1111-4111-8111-111111111111")

// Amount reads a decimal text; an empty one is zero.
func Amount(text string) decimal.Decimal {
	if text == "" {
		return decimal.Zero
	}
	return decimal.RequireFromString(text)
}

// Total is the line's total: quantity × price with the modifier, less the
// discount, rounded to kopecks.
func (l Line) Total() decimal.Decimal {
	exact := Amount(l.Quantity).Mul(Amount(l.Price)).Add(Amount(l.ModQty).Mul(Amount(l.Modifier)))
	return exact.Sub(Amount(l.Discount)).Round(2)
}

// Total is the receipt's total, with tip and rounding.
func (r Receipt) Total() decimal.Decimal {
	total := Amount(r.Tip).Add(Amount(r.Rounding)).Sub(Amount(r.Discount))
	for _, line := range r.Lines {
		total = total.Add(line.Total())
	}
	return total
}

// Change is the receipt as it is pushed.
func (r Receipt) Change() Change {
	if r.ID == uuid.Nil {
		r.ID = uuid.New()
	}
	total := json.Number(r.Total().String())
	data := map[string]any{
		"number": orElse(r.Number, "1"), "type": "sale", "occurred_at": r.At, "closed_at": r.At,
		"total": total, "lines": r.lines(),
		"payments": []any{map[string]any{"payment_type_id": orID(r.PaymentType, PaymentType), "amount": total}},
	}
	if r.Refund {
		data["type"] = "refund"
	}
	if r.Guests > 0 {
		data["guests"] = r.Guests
	}
	setTexts(data, map[string]string{"status": r.Status, "note": r.Note})
	setNumbers(data, map[string]string{"discount_total": r.Discount, "tip": r.Tip, "rounding": r.Rounding, "tax_total": r.Tax})
	setIDs(data, map[string]uuid.UUID{
		"refund_of_id": r.RefundOf, "outlet_id": r.Outlet, "employee_id": r.Employee, "shift_id": r.Shift, "customer_id": r.Customer})
	for name, value := range r.More {
		data[name] = value
	}
	return Change{"receipt", r.ID, data}
}

func (r Receipt) lines() []any {
	lines := make([]any, len(r.Lines))
	for i, line := range r.Lines {
		data := map[string]any{
			"id": uuid.New(), "product_id": line.Product, "name": orElse(line.Name, "As sold"),
			"quantity": json.Number(line.Quantity), "price": json.Number(line.Price), "total": json.Number(line.Total().String()),
		}
		setNumbers(data, map[string]string{"discount": line.Discount, "cost": line.Cost})
		if line.Modifier != "" {
			data["modifiers"] = []any{map[string]any{
				"name": "Syrup", "quantity": json.Number(line.ModQty), "price": json.Number(line.Modifier)}}
		}
		lines[i] = data
	}
	return lines
}

func setTexts(data map[string]any, values map[string]string) {
	for name, value := range values {
		if value != "" {
			data[name] = value
		}
	}
}

func setNumbers(data map[string]any, values map[string]string) {
	for name, value := range values {
		if value != "" {
			data[name] = json.Number(value)
		}
	}
}

func setIDs(data map[string]any, values map[string]uuid.UUID) {
	for name, value := range values {
		if value != uuid.Nil {
			data[name] = value
		}
	}
}

func orElse(text, otherwise string) string {
	if text == "" {
		return otherwise
	}
	return text
}

func orID(id, otherwise uuid.UUID) uuid.UUID {
	if id == uuid.Nil {
		return otherwise
	}
	return id
}
