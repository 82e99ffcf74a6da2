package projection

import (
	"fmt"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"

	"github.com/interpos/cabinet/internal/canonical"
)

// projectSale adds what a closed receipt contributes to the measures.
//
// A line's gross is its total + its discount: quantity × price with the
// modifiers, as the till rounded it. So gross − discounts is, to the last digit,
// the receipt's total without tip and rounding.
func projectSale(result *rows, receipt canonical.Value, calendar Calendar) error {
	s := &sale{sign: 1, hour: int16(calendar.Hour(result.document.occurredAt)), tip: numberOf(receipt, "tip")}
	if result.document.kindType == typeRefund {
		s.sign = -1
	}
	s.guests = numberOf(receipt, "guests").IntPart()
	discount := numberOf(receipt, "discount_total")
	lineTax, totals := decimal.Zero, []decimal.Decimal(nil)
	seen := map[uuid.UUID]bool{}
	for line := range elementsOf(receipt, "lines") {
		row, err := projectLine(line)
		if err != nil {
			return err
		}
		s.gross, s.discounts, s.cost = s.gross.Add(row.gross), s.discounts.Add(row.discounts), s.cost.Add(row.cost)
		lineTax = lineTax.Add(numberOf(line, "tax"))
		totals = append(totals, numberOf(line, "total"))
		row.leads = !seen[row.product]
		seen[row.product] = true
		result.lines = append(result.lines, row)
	}
	s.discounts = s.discounts.Add(discount)
	for i, share := range spreadAmount(discount, totals) {
		result.lines[i].discounts = result.lines[i].discounts.Add(share)
	}
	s.tax = lineTax
	if tax := nullableNumber(receipt, "tax_total"); tax.Valid {
		s.tax = tax.Decimal
	}
	result.sale = s
	result.payments = projectPayments(receipt)
	return nil
}

func projectLine(line canonical.Value) (saleLine, error) {
	product := idOf(line, "product_id")
	if !product.Valid {
		return saleLine{}, fmt.Errorf("a line has no product_id")
	}
	discount := numberOf(line, "discount")
	return saleLine{
		product: product.UUID, name: textOf(line, "name"), quantity: numberOf(line, "quantity"),
		gross: numberOf(line, "total").Add(discount), discounts: discount, cost: numberOf(line, "cost"),
	}, nil
}

func projectPayments(receipt canonical.Value) []salePayment {
	var payments []salePayment
	for payment := range elementsOf(receipt, "payments") {
		if paymentType := idOf(payment, "payment_type_id"); paymentType.Valid {
			payments = append(payments, salePayment{paymentType.UUID, numberOf(payment, "amount")})
		}
	}
	return payments
}
