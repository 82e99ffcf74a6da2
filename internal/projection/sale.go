package projection

import (
	"github.com/shopspring/decimal"

	"github.com/interpos/cabinet/internal/canonical"
	"github.com/interpos/cabinet/internal/record"
)

// quantityDigits is to how many fraction digits quantities are rounded, half up.
const quantityDigits = 6

// projectSale adds what a closed receipt contributes to the measures: for each line its
// own amounts with its share of what only the receipt has, for the receipt their sum.
// So products add up to sales, and for each of them, to the last digit,
//
//	gross − discounts − returned + service charge + tax on top + tip + rounding + unexplained
//
// is its part of the receipt's total. minorDigits are those of the organization's money.
func projectSale(result *rows, receipt canonical.Value, calendar Calendar, minorDigits int) {
	s := &sale{sign: 1, hour: int16(calendar.Hour(result.document.occurredAt)), guests: numberOf(receipt, "guests").IntPart()}
	if result.document.kindType == typeRefund {
		s.sign = -1
	}
	lines := projectLines(receipt, s.sign)
	result.payments = projectPayments(receipt)
	spreadOver(lines, amountsOfReceipt(receipt, lines, result.payments), int32(minorDigits))
	seen := map[any]bool{}
	for _, line := range lines {
		if line.hasCost {
			line.netWithCost = line.gross.Sub(line.discounts).Sub(line.returned)
		}
		line.leads = !seen[line.soldAs()]
		seen[line.soldAs()] = true
		s.amounts = s.plus(line.amounts)
		result.lines = append(result.lines, line.saleLine)
	}
	result.sale = s
}

// lineOfReceipt is a row of sale_lines being made.
type lineOfReceipt struct {
	saleLine
	total    decimal.Decimal
	weight   decimal.Decimal // its part in what is spread
	hasTax   bool
	hasCost  bool
	isReturn bool // goods came back, within a sale or against a refund
}

// soldAs is what the line is counted by: its product, else its name.
func (l *lineOfReceipt) soldAs() any {
	if l.product.Valid {
		return l.product.UUID
	}
	return l.name
}

// projectLines gives the lines with their own amounts; a receipt without any gets one that
// holds nothing, to bear what the receipt has.
func projectLines(receipt canonical.Value, sign int16) []*lineOfReceipt {
	included := isTaxIncluded(receipt, true)
	var lines []*lineOfReceipt
	for line := range elementsOf(receipt, "lines") {
		lines = append(lines, projectLine(line, sign, included))
	}
	if len(lines) == 0 {
		lines = []*lineOfReceipt{{}}
	}
	weighLines(lines)
	return lines
}

func projectLine(line canonical.Value, sign int16, included bool) *lineOfReceipt {
	cost := nullableNumber(line, "cost")
	l := &lineOfReceipt{total: numberOf(line, "total"), hasCost: cost.Valid}
	l.product, l.name = idOf(line, "product_id"), headText(line, "name")
	l.quantity = numberOf(line, "quantity").Round(quantityDigits)
	l.isReturn = l.quantity.IsNegative()
	l.tax, l.cost = numberOf(line, "tax"), cost.Decimal
	if l.isReturn { // whatever sign the source gave them
		l.tax, l.cost = l.tax.Abs().Neg(), l.cost.Abs().Neg()
	}
	l.hasTax = !l.tax.IsZero()
	if !isTaxIncluded(line, included) {
		l.taxOnTop = l.tax
	}
	if l.isReturn && sign > 0 {
		l.returned = l.taxOnTop.Sub(l.total)
		return l
	}
	l.discounts = numberOf(line, "discount")
	l.gross = l.total.Add(l.discounts).Sub(l.taxOnTop)
	return l
}

// isTaxIncluded says whether prices hold the tax, as the object says, else otherwise.
func isTaxIncluded(object canonical.Value, otherwise bool) bool {
	value, _ := object.Get("tax_included")
	if included, ok := value.Bool(); ok {
		return included
	}
	return otherwise
}

// weighLines says in which proportion lines bear what the receipt has: that of the
// totals of what was sold; where nothing was, of what came back.
func weighLines(lines []*lineOfReceipt) {
	sold := false
	for _, line := range lines {
		sold = sold || !line.isReturn && !line.total.IsZero()
	}
	for _, line := range lines {
		if !sold || !line.isReturn {
			line.weight = line.total.Abs()
		}
	}
}

// amountsOfReceipt are the amounts that the receipt has beside those of its lines.
func amountsOfReceipt(receipt canonical.Value, lines []*lineOfReceipt, payments []salePayment) amounts {
	a := amounts{
		discounts: numberOf(receipt, "discount_total"), serviceCharge: numberOf(receipt, "service_charge"),
		tip: numberOf(receipt, "tip"), rounding: numberOf(receipt, "rounding"),
	}
	sum, hasTax := decimal.Zero, false
	for _, line := range lines {
		sum, hasTax = sum.Add(line.total), hasTax || line.hasTax
	}
	if !hasTax {
		a.tax = numberOf(receipt, "tax_total")
	}
	if record.AddsTaxToLines(receipt) {
		a.taxOnTop = a.tax
	}
	total := numberOf(receipt, "total")
	a.unexplained = total.Sub(sum).Add(a.discounts).Sub(a.serviceCharge).Sub(a.tip).Sub(a.rounding).Sub(a.taxOnTop)
	a.unpaid = total
	for _, payment := range payments {
		a.unpaid = a.unpaid.Sub(payment.amount)
	}
	return a
}

// spreadOver adds to each line its share of the receipt's amounts.
func spreadOver(lines []*lineOfReceipt, receipt amounts, digits int32) {
	weights := make([]decimal.Decimal, len(lines))
	for i, line := range lines {
		weights[i] = line.weight
	}
	whole := receipt.all()
	for n, amount := range whole {
		if amount.IsZero() {
			continue
		}
		for i, share := range spreadAmount(*amount, weights, digits) {
			own := lines[i].all()[n]
			*own = own.Add(share)
		}
	}
}

// projectPayments gives the payments; one of no type is of the nil UUID's.
func projectPayments(receipt canonical.Value) []salePayment {
	var payments []salePayment
	for payment := range elementsOf(receipt, "payments") {
		payments = append(payments, salePayment{idOf(payment, "payment_type_id").UUID, numberOf(payment, "amount")})
	}
	return payments
}
