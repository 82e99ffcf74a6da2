package projection

import (
	"fmt"
	"strings"

	"github.com/shopspring/decimal"
)

// amounts are what a receipt, or a line of it, contributes to the measures. Those of a
// refund are positive, as those of a sale.
type amounts struct {
	gross         decimal.Decimal // total + discount − tax on top, of lines sold
	discounts     decimal.Decimal
	returned      decimal.Decimal // total − tax on top, of lines returned within a sale, as a positive amount
	serviceCharge decimal.Decimal
	tax           decimal.Decimal
	taxOnTop      decimal.Decimal // the part of tax that prices do not include
	tip           decimal.Decimal
	rounding      decimal.Decimal
	unexplained   decimal.Decimal // total − what the parts of the receipt add up to
	unpaid        decimal.Decimal // total − payments
	cost          decimal.Decimal // of the lines that have one
	netWithCost   decimal.Decimal // gross − discounts − returned, of the lines that have a cost
}

// amountCount is how many amounts there are.
const amountCount = 12

// amountNames are their columns, in the order of all.
const amountNames = "gross, discounts, returned, service_charge, tax, tax_on_top, tip, rounding, unexplained, unpaid, cost, net_with_cost"

// unnestedAmounts are the arguments that hold amountColumns, from the twelfth of a statement on.
var unnestedAmounts = func() string {
	arguments := make([]string, amountCount)
	for i := range arguments {
		arguments[i] = fmt.Sprintf("$%d::text[]::numeric[]", 12+i)
	}
	return strings.Join(arguments, ", ")
}()

// all are the amounts in the order of their columns.
func (a *amounts) all() [amountCount]*decimal.Decimal {
	return [...]*decimal.Decimal{&a.gross, &a.discounts, &a.returned, &a.serviceCharge, &a.tax, &a.taxOnTop, &a.tip, &a.rounding,
		&a.unexplained, &a.unpaid, &a.cost, &a.netWithCost}
}

func (a amounts) plus(other amounts) amounts {
	added := other.all()
	for i, amount := range a.all() {
		*amount = amount.Add(*added[i])
	}
	return a
}

// amountColumns are the columns of amounts, as unnest takes them.
type amountColumns [amountCount][]string

func (t *amountColumns) appendRow(a *amounts) {
	for i, amount := range a.all() {
		t[i] = append(t[i], decimalText(*amount))
	}
}

// arguments are the columns, as a statement takes them.
func (t *amountColumns) arguments() []any {
	arguments := make([]any, amountCount)
	for i := range t {
		arguments[i] = t[i]
	}
	return arguments
}
