package record

import (
	"math/bits"
	"strconv"

	"github.com/shopspring/decimal"

	"github.com/interpos/cabinet/internal/canonical"
)

// moneyOf is a money field in 10^-4; 0 where it is left out. The types are
// already checked.
func moneyOf(object canonical.Value, name string) int64 {
	value, _ := object.Get(name)
	if value.Type() != canonical.Number {
		return 0
	}
	number, _ := canonical.Fixed(value.Bytes(), moneyDigits, maxMoney)
	return number
}

// productOf is quantity × price of an object, in 10^-10. ok is false where it
// does not fit 63 bits.
func productOf(object canonical.Value) (product int64, ok bool) {
	value, _ := object.Get("quantity")
	count, _ := canonical.Fixed(value.Bytes(), quantityDigits, maxQuantity)
	high, low := bits.Mul64(uint64(count), uint64(moneyOf(object, "price"))) // neither is negative
	return int64(low), high == 0 && low < 1<<60
}

func decimalOf(object canonical.Value, name string) decimal.Decimal {
	value, _ := object.Get(name)
	if value.Type() != canonical.Number {
		return decimal.Zero
	}
	return decimal.RequireFromString(string(value.Bytes()))
}

// receiptArithmetic holds a receipt against its own arithmetic (each rule with its
// code): line_total_mismatch, total_mismatch, payments_mismatch.
func receiptArithmetic(receipt canonical.Value, minorDigits int, report reporter) {
	saleArithmetic(receipt, minorDigits, report)
	var paid int64
	payments, _ := receipt.Get("payments")
	for _, payment := range payments.Members() {
		paid += moneyOf(payment.Value, "amount")
	}
	if status, _ := receipt.Get("status"); paid != moneyOf(receipt, "total") && string(status.Bytes()) != "cancelled" {
		report("payments", "payments_mismatch", "must add up to the total")
	}
}

// saleArithmetic holds the lines and the total of what is sold against each other.
func saleArithmetic(sold canonical.Value, minorDigits int, report reporter) {
	var linesTotal int64
	lines, _ := sold.Get("lines")
	for i, line := range lines.Members() {
		total := moneyOf(line.Value, "total")
		linesTotal += total
		if !lineAddsUp(line.Value, total, minorDigits) {
			report("lines["+strconv.Itoa(i)+"].total", "line_total_mismatch",
				"must be quantity × price of the line and its modifiers, less the discount, rounded to the money step")
		}
	}
	if linesTotal-moneyOf(sold, "discount_total")+moneyOf(sold, "tip")+moneyOf(sold, "rounding") != moneyOf(sold, "total") {
		report("total", "total_mismatch", "must be the sum of the lines' totals − discount_total + tip + rounding")
	}
}

// lineAddsUp says whether total is the line's exact amount rounded, to the
// currency's minor digits or finer, ties either way. A modifier's quantity
// counts for the whole line.
func lineAddsUp(line canonical.Value, total int64, minorDigits int) bool {
	exact, ok := productOf(line)
	modifiers, _ := line.Get("modifiers")
	for _, modifier := range modifiers.Members() {
		product, fits := productOf(modifier.Value)
		exact, ok = exact+product, ok && fits && exact < 1<<61
	}
	if !ok {
		return lineAddsUpSlowly(line, total, minorDigits)
	}
	const scale = 1_000_000 // from 10^-4 to 10^-10
	discount := moneyOf(line, "discount")
	const most = 1 << 62 / scale
	if total > most/2 || discount > most/2 || discount < -most/2 {
		return lineAddsUpSlowly(line, total, minorDigits)
	}
	difference := total*scale - (exact - discount*scale)
	if difference < 0 {
		difference = -difference
	}
	return difference <= roundingTolerance(total, minorDigits)
}

// roundingTolerance is half of the coarsest money step, down from the currency's, that
// the total is a multiple of; in 10^-10.
func roundingTolerance(total int64, minorDigits int) int64 {
	half := int64(5_000_000_000) // of a step of 1
	step := int64(10_000)
	for range min(minorDigits, moneyDigits) {
		half, step = half/10, step/10
	}
	for step > 1 && total%step != 0 {
		half, step = half/10, step/10
	}
	return half
}

func lineAddsUpSlowly(line canonical.Value, total int64, minorDigits int) bool {
	exact := decimalOf(line, "quantity").Mul(decimalOf(line, "price")).Sub(decimalOf(line, "discount"))
	modifiers, _ := line.Get("modifiers")
	for _, modifier := range modifiers.Members() {
		exact = exact.Add(decimalOf(modifier.Value, "quantity").Mul(decimalOf(modifier.Value, "price")))
	}
	difference := decimal.New(total, -moneyDigits).Sub(exact).Abs()
	return difference.LessThanOrEqual(decimal.New(roundingTolerance(total, minorDigits), -10))
}

// purchaseArithmetic holds a purchase against its own arithmetic: a line is quantity ×
// price, with or without its tax on top; the total is that of the lines.
func purchaseArithmetic(purchase canonical.Value, minorDigits int, report reporter) {
	var linesTotal int64
	lines, _ := purchase.Get("lines")
	for i, line := range lines.Members() {
		total, tax := moneyOf(line.Value, "total"), moneyOf(line.Value, "tax")
		linesTotal += total
		if !lineAddsUp(line.Value, total, minorDigits) && !lineAddsUp(line.Value, total-tax, minorDigits) {
			report("lines["+strconv.Itoa(i)+"].total", "line_total_mismatch",
				"must be quantity × price, with or without the tax, rounded to the money step")
		}
	}
	if linesTotal != moneyOf(purchase, "total") {
		report("total", "total_mismatch", "must be the sum of the lines' totals")
	}
}
