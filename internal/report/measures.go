package report

import (
	"github.com/shopspring/decimal"
)

// ratioDigits is to how many digits averages and ratios are rounded, half up.
const ratioDigits = 4

// Measures are the figures of closed receipts. Money is exact, in the organization's
// currency. Whatever the rows are about, each of them, and any sum of them, has
//
//	Collected = NetSales + ServiceCharges + TaxOnTop + Tips + Rounding + Unexplained
type Measures struct {
	GrossSales     decimal.Decimal // Σ line total + line discount − tax on top, of lines sold
	Discounts      decimal.Decimal // Σ line discounts and receipt discounts of sales
	Refunds        decimal.Decimal // of refund receipts Σ line total − tax on top, less their discount; of sales, what came back within them
	ServiceCharges decimal.Decimal // Σ service charge; refunds with minus, as in all that follows
	Taxes          decimal.Decimal // Σ tax
	TaxOnTop       decimal.Decimal // Σ tax that prices do not include
	Tips           decimal.Decimal // Σ tip
	Rounding       decimal.Decimal // Σ rounding
	Unexplained    decimal.Decimal // Σ total − what the receipt's own parts add up to
	Paid           decimal.Decimal // Σ payments
	Cost           decimal.Decimal // Σ cost of the lines that have one; returned lines with minus
	NetWithCost    decimal.Decimal // the part of net sales whose cost is known
	Receipts       int64           // sale receipts
	Guests         int64           // of sale receipts
}

// amounts are the measures that are sums of money, in the order of amountColumns.
func (m *Measures) amounts() []*decimal.Decimal {
	return []*decimal.Decimal{&m.GrossSales, &m.Discounts, &m.Refunds, &m.ServiceCharges, &m.Taxes, &m.TaxOnTop, &m.Tips, &m.Rounding,
		&m.Unexplained, &m.Paid, &m.Cost, &m.NetWithCost}
}

// amountColumns are the amounts over rows x of sales or of sale_lines.
const amountColumns = `
coalesce(sum(x.gross) FILTER (WHERE x.sign = 1), 0),
coalesce(sum(x.discounts) FILTER (WHERE x.sign = 1), 0),
coalesce(sum(CASE x.sign WHEN 1 THEN x.returned ELSE x.gross - x.discounts END), 0),
coalesce(sum(x.sign * x.service_charge), 0),
coalesce(sum(x.sign * x.tax), 0),
coalesce(sum(x.sign * x.tax_on_top), 0),
coalesce(sum(x.sign * x.tip), 0),
coalesce(sum(x.sign * x.rounding), 0),
coalesce(sum(x.sign * x.unexplained), 0),
coalesce(sum(x.sign * (x.gross - x.discounts - x.returned + x.service_charge + x.tax_on_top + x.tip + x.rounding + x.unexplained - x.unpaid)), 0),
coalesce(sum(x.sign * x.cost), 0),
coalesce(sum(x.sign * x.net_with_cost), 0)`

// saleColumns are the measures over rows x of sales, as scanTargets takes them.
const saleColumns = amountColumns + `,
count(*) FILTER (WHERE x.sign = 1),
coalesce(sum(x.guests) FILTER (WHERE x.sign = 1), 0)::bigint`

// scanTargets are where saleColumns are scanned into.
func (m *Measures) scanTargets() []any { return append(m.amountTargets(), &m.Receipts, &m.Guests) }

// amountTargets are where amountColumns are scanned into.
func (m *Measures) amountTargets() []any {
	targets := []any{}
	for _, amount := range m.amounts() {
		targets = append(targets, amount)
	}
	return targets
}

// NetSales is gross sales − discounts − refunds.
func (m Measures) NetSales() decimal.Decimal { return m.GrossSales.Sub(m.Discounts).Sub(m.Refunds) }

// Collected is the receipts' total, refunds with minus.
func (m Measures) Collected() decimal.Decimal {
	return decimal.Sum(m.NetSales(), m.ServiceCharges, m.TaxOnTop, m.Tips, m.Rounding, m.Unexplained)
}

// Unpaid is what was collected − what was paid: house accounts, lost payments.
func (m Measures) Unpaid() decimal.Decimal { return m.Collected().Sub(m.Paid) }

// isCostKnown says whether anything of what was sold has a cost, or there is nothing to
// have one.
func (m Measures) isCostKnown() bool {
	return !m.NetWithCost.IsZero() || !m.Cost.IsZero() || m.NetSales().IsZero()
}

// GrossProfit is the net sales whose cost is known − that cost; not valid where no cost is.
func (m Measures) GrossProfit() decimal.NullDecimal {
	return decimal.NullDecimal{Decimal: m.NetWithCost.Sub(m.Cost), Valid: m.isCostKnown()}
}

// Margin is gross profit ÷ the net sales that it was made with; not valid without those.
func (m Measures) Margin() decimal.NullDecimal {
	return ratioOrNone(m.GrossProfit().Decimal, m.NetWithCost)
}

// CostShare is the part of net sales whose cost is known, from 0 to 1 where one of the two is
// negative, too; not valid without net sales.
func (m Measures) CostShare() decimal.NullDecimal {
	known, unknown := m.NetWithCost.Abs(), m.NetSales().Sub(m.NetWithCost).Abs()
	return ratioOrNone(known, known.Add(unknown))
}

// AverageCheck is net sales ÷ receipts; not valid without receipts.
func (m Measures) AverageCheck() decimal.NullDecimal {
	return ratioOrNone(m.NetSales(), decimal.NewFromInt(m.Receipts))
}

// NetPerGuest is net sales ÷ guests; not valid without guests.
func (m Measures) NetPerGuest() decimal.NullDecimal {
	return ratioOrNone(m.NetSales(), decimal.NewFromInt(m.Guests))
}

// Plus adds figures up; of rows that share no receipt, that is their total.
func (m Measures) Plus(other Measures) Measures {
	added := other.amounts()
	for i, amount := range m.amounts() {
		*amount = amount.Add(*added[i])
	}
	m.Receipts, m.Guests = m.Receipts+other.Receipts, m.Guests+other.Guests
	return m
}

func ratioOrNone(of, by decimal.Decimal) decimal.NullDecimal {
	if by.IsZero() {
		return decimal.NullDecimal{}
	}
	return decimal.NewNullDecimal(of.DivRound(by, ratioDigits))
}
