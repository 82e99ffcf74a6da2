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
		GrossSales: number(m.GrossSales), Discounts: number(m.Discounts), Refunds: number(m.Refunds), NetSales: number(m.NetSales()),
		Taxes: number(m.Taxes), Tips: number(m.Tips), Cost: number(m.Cost),
		GrossProfit: number(m.GrossProfit()), Margin: optionalNumber(m.Margin()),
		Receipts: m.Receipts, Guests: m.Guests, AverageCheck: optionalNumber(m.AverageCheck()), NetPerGuest: optionalNumber(m.NetPerGuest()),
	}
}

func productMeasuresOf(quantity decimal.Decimal, m report.Measures) ProductMeasures {
	return ProductMeasures{
		Quantity: number(quantity), GrossSales: number(m.GrossSales), Discounts: number(m.Discounts), Refunds: number(m.Refunds),
		NetSales: number(m.NetSales()), Cost: number(m.Cost), GrossProfit: number(m.GrossProfit()),
		Margin: optionalNumber(m.Margin()), Receipts: m.Receipts,
	}
}
