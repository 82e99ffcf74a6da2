package record

import (
	"strconv"

	"github.com/interpos/cabinet/internal/canonical"
)

// receiptArithmetic holds a receipt against its own arithmetic. An open one is not paid
// yet, and a cancelled one need not be.
func receiptArithmetic(receipt canonical.Value, minorDigits int, e *examination) {
	saleArithmetic(receipt, minorDigits, e)
	if status := textOf(receipt, "status"); status == "open" || status == "cancelled" {
		return
	}
	paid := sumOf(receipt, "payments", "amount")
	if total := moneyIn(receipt, "total"); !paid.equals(total) {
		e.addRemark(PaymentsMismatch, "payments", total.String(), paid.String())
	}
}

// saleArithmetic holds the lines and the total of what is sold against each other.
func saleArithmetic(sold canonical.Value, minorDigits int, e *examination) {
	included := isTaxIncluded(sold, true)
	sum, lines := exact{}, listIn(sold, "lines")
	for i := range lines {
		line := lines[i].Value
		total, expected := moneyIn(line, "total"), saleLineAmount(line, included)
		if sum = sum.plus(total); !expected.roundsTo(total, minorDigits) {
			e.addLineMismatch(i, expected, total)
		}
	}
	sum = sum.minus(moneyIn(sold, "discount_total"))
	for _, name := range []string{"service_charge", "tip", "rounding"} {
		sum = sum.plus(moneyIn(sold, name))
	}
	if AddsTaxToLines(sold) {
		sum = sum.plus(moneyIn(sold, "tax_total"))
	}
	e.holdTotal(sold, sum)
}

// AddsTaxToLines says whether the tax_total of a receipt or delivery order comes on top
// of its lines: its prices are without tax, and no line carries any.
func AddsTaxToLines(sold canonical.Value) bool {
	if isTaxIncluded(sold, true) {
		return false
	}
	lines := listIn(sold, "lines")
	for i := range lines {
		if !moneyIn(lines[i].Value, "tax").isZero() {
			return false
		}
	}
	return true
}

// saleLineAmount is what a line of a sale costs before rounding. A modifier's quantity
// counts for the whole line.
func saleLineAmount(line canonical.Value, receiptIncludesTax bool) exact {
	amount, modifiers := timesPrice(line), listIn(line, "modifiers")
	for i := range modifiers {
		amount = amount.plus(timesPrice(modifiers[i].Value))
	}
	amount = amount.minus(moneyIn(line, "discount"))
	if !isTaxIncluded(line, receiptIncludesTax) {
		amount = amount.plus(moneyIn(line, "tax"))
	}
	return amount
}

// isTaxIncluded is what an object says of its tax, or what holds where it says nothing.
func isTaxIncluded(object canonical.Value, otherwise bool) bool {
	value, _ := object.Get("tax_included")
	if included, ok := value.Bool(); ok {
		return included
	}
	return otherwise
}

// purchaseArithmetic holds a purchase against its own arithmetic: a line is quantity ×
// price, with or without its tax on top; the total is that of the lines.
func purchaseArithmetic(purchase canonical.Value, minorDigits int, e *examination) {
	sum, lines := exact{}, listIn(purchase, "lines")
	for i := range lines {
		line := lines[i].Value
		total, expected := moneyIn(line, "total"), timesPrice(line)
		sum = sum.plus(total)
		if !expected.roundsTo(total, minorDigits) && !expected.plus(moneyIn(line, "tax")).roundsTo(total, minorDigits) {
			e.addLineMismatch(i, expected, total)
		}
	}
	e.holdTotal(purchase, sum)
}

func (e *examination) addLineMismatch(i int, expected, total exact) {
	e.addRemark(LineTotalMismatch, "lines["+strconv.Itoa(i)+"].total", expected.String(), total.String())
}

// holdTotal holds a document's total against what its parts add up to.
func (e *examination) holdTotal(document canonical.Value, sum exact) {
	if total := moneyIn(document, "total"); !sum.equals(total) {
		e.addRemark(TotalMismatch, "total", sum.String(), total.String())
	}
}

// sumOf adds up a money field of the items of a list.
func sumOf(object canonical.Value, list, field string) (sum exact) {
	items := listIn(object, list)
	for i := range items {
		sum = sum.plus(moneyIn(items[i].Value, field))
	}
	return sum
}

func listIn(object canonical.Value, name string) []canonical.Member {
	list, _ := object.Get(name)
	return list.Members()
}
