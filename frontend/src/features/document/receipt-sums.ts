import type { RecordData } from '@/shared/api/types'

/**
 * How a receipt's total adds up: gross − line discounts − receipt discount + service charge + tax on top + tip +
 * rounding + unexplained.
 */
export type ReceiptSums = {
  /** Σ quantity × price with the modifiers, as rounded on the lines, without tax on top. */
  gross: number
  lineDiscounts: number
  receiptDiscount: number
  serviceCharge: number
  /** Tax that prices do not include: of the lines, or of the whole receipt. */
  taxOnTop: number
  tip: number
  rounding: number
  /** What the total has beyond its parts. */
  unexplained: number
  total: number
  /** Within the prices: that of the lines, else the receipt's own. */
  tax: number
}

/** Money is added up in steps of 0.0001, which are whole numbers, so no digit is lost. */
export function sumMoney(values: number[]): number {
  return values.reduce((sum, value) => sum + Math.round(value * 10_000), 0) / 10_000
}

/** The figures behind a receipt's total. */
export function receiptSums(receipt: RecordData): ReceiptSums {
  const lines = itemsOf(receipt, 'lines')
  const included = receipt.tax_included !== false
  const onTop = lines.filter((line) => !(line.tax_included ?? included))
  const sum = (items: RecordData[], name: string) =>
    sumMoney(items.map((item) => money(item, name)))
  const lineTax = sum(lines, 'tax')
  const linesOnTop = sum(onTop, 'tax')
  const ownTax = lines.some((line) => money(line, 'tax') !== 0) ? 0 : money(receipt, 'tax_total')
  const ownOnTop = included ? 0 : ownTax
  const lineDiscounts = sum(lines, 'discount')
  const parts = {
    gross: sumMoney([sum(lines, 'total'), lineDiscounts, -linesOnTop]),
    lineDiscounts,
    receiptDiscount: money(receipt, 'discount_total'),
    serviceCharge: money(receipt, 'service_charge'),
    taxOnTop: sumMoney([linesOnTop, ownOnTop]),
    tip: money(receipt, 'tip'),
    rounding: money(receipt, 'rounding'),
  }
  const total = money(receipt, 'total')
  const { gross, receiptDiscount, serviceCharge, taxOnTop, tip, rounding } = parts
  const known = [gross, -lineDiscounts, -receiptDiscount, serviceCharge, taxOnTop, tip, rounding]
  return {
    ...parts,
    unexplained: sumMoney([total, -sumMoney(known)]),
    total,
    tax: sumMoney([lineTax, ownTax, -taxOnTop]),
  }
}

/** The items of a record's list; none where it is left out. */
export const itemsOf = (data: RecordData, name: string): RecordData[] =>
  (data[name] as RecordData[] | undefined) ?? []

/** A money field; 0 where it is left out. */
export const money = (data: RecordData, name: string): number =>
  typeof data[name] === 'number' ? data[name] : 0
