package api

import (
	"github.com/shopspring/decimal"

	"github.com/interpos/cabinet/internal/report"
)

func headOf(name string, head report.Head) ReportHead {
	return ReportHead{
		Report: name, From: day(head.From), To: day(head.To), Currency: head.Currency, TimeZone: head.TimeZone,
		GeneratedAt: head.GeneratedAt.UTC(), Freshness: freshnessOf(head.Freshness),
	}
}

func measuresOf(m report.Measures) Measures {
	return Measures{
		Amounts: amountsOf(m), Receipts: m.Receipts, Guests: m.Guests,
		AverageCheck: optionalNumber(m.AverageCheck()), NetPerGuest: optionalNumber(m.NetPerGuest()),
	}
}

func productMeasuresOf(quantity decimal.Decimal, m report.Measures) ProductMeasures {
	return ProductMeasures{Quantity: number(quantity), Amounts: amountsOf(m), Receipts: m.Receipts}
}

func amountsOf(m report.Measures) Amounts {
	return Amounts{
		GrossSales: number(m.GrossSales), Discounts: number(m.Discounts), Refunds: number(m.Refunds), NetSales: number(m.NetSales()),
		ServiceCharges: number(m.ServiceCharges), Taxes: number(m.Taxes), TaxOnTop: number(m.TaxOnTop), Tips: number(m.Tips),
		Rounding: number(m.Rounding), Unexplained: number(m.Unexplained), Collected: number(m.Collected()), Unpaid: number(m.Unpaid()),
		Cost: number(m.Cost), GrossProfit: optionalNumber(m.GrossProfit()), Margin: optionalNumber(m.Margin()), CostShare: optionalNumber(m.CostShare()),
	}
}
