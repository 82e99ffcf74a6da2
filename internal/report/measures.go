package report

import "github.com/shopspring/decimal"

// ratioDigits is to how many digits averages and ratios are rounded, half up.
const ratioDigits = 4

// Measures are the figures of closed receipts in a period. Money is exact, in the
// organization's currency.
type Measures struct {
	GrossSales decimal.Decimal // Σ line total + line discount of sales: quantity × price, modifiers included
	Discounts  decimal.Decimal // Σ line discounts and receipt discounts of sales
	Refunds    decimal.Decimal // Σ totals of refund receipts, without tip and rounding
	Taxes      decimal.Decimal // Σ tax; refunds with minus
	Tips       decimal.Decimal // Σ tip; refunds with minus
	Cost       decimal.Decimal // Σ cost of the lines; refunds with minus
	Receipts   int64           // sale receipts
	Guests     int64           // of sale receipts
}

// NetSales is gross sales − discounts − refunds.
func (m Measures) NetSales() decimal.Decimal { return m.GrossSales.Sub(m.Discounts).Sub(m.Refunds) }

// GrossProfit is net sales − cost.
func (m Measures) GrossProfit() decimal.Decimal { return m.NetSales().Sub(m.Cost) }

// Margin is gross profit ÷ net sales; not valid without net sales.
func (m Measures) Margin() decimal.NullDecimal { return ratioOrNone(m.GrossProfit(), m.NetSales()) }

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
	return Measures{
		GrossSales: m.GrossSales.Add(other.GrossSales), Discounts: m.Discounts.Add(other.Discounts),
		Refunds: m.Refunds.Add(other.Refunds), Taxes: m.Taxes.Add(other.Taxes), Tips: m.Tips.Add(other.Tips),
		Cost: m.Cost.Add(other.Cost), Receipts: m.Receipts + other.Receipts, Guests: m.Guests + other.Guests,
	}
}

func ratioOrNone(of, by decimal.Decimal) decimal.NullDecimal {
	if by.IsZero() {
		return decimal.NullDecimal{}
	}
	return decimal.NewNullDecimal(of.DivRound(by, ratioDigits))
}

// scanTargets are where measureColumns are scanned into.
func (m *Measures) scanTargets() []any {
	return []any{&m.GrossSales, &m.Discounts, &m.Refunds, &m.Taxes, &m.Tips, &m.Cost, &m.Receipts, &m.Guests}
}

// measureColumns are the measures over rows s of sales.
const measureColumns = `
coalesce(sum(s.gross) FILTER (WHERE s.sign = 1), 0),
coalesce(sum(s.discounts) FILTER (WHERE s.sign = 1), 0),
coalesce(sum(s.gross - s.discounts) FILTER (WHERE s.sign = -1), 0),
coalesce(sum(s.sign * s.tax), 0),
coalesce(sum(s.sign * s.tip), 0),
coalesce(sum(s.sign * s.cost), 0),
count(*) FILTER (WHERE s.sign = 1),
coalesce(sum(s.guests) FILTER (WHERE s.sign = 1), 0)::bigint`
