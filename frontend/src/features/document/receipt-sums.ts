import type { RecordData } from '@/shared/api/types'

/** How a receipt's total adds up: gross − line discounts − receipt discount + tip + rounding. */
export type ReceiptSums = {
  /** Σ quantity × price with the modifiers, as rounded on the lines. */
  gross: number
  lineDiscounts: number
  receiptDiscount: number
  tip: number
  rounding: number
  total: number
  /** Within the total: the receipt's own, else that of its lines. */
  tax: number
}

/** Money is added up in steps of 0.0001, which are whole numbers, so no digit is lost. */
export function sumMoney(values: number[]): number {
  return values.reduce((sum, value) => sum + Math.round(value * 10_000), 0) / 10_000
}

/** The figures behind a receipt's total. */
export function receiptSums(receipt: RecordData): ReceiptSums {
  const lines = itemsOf(receipt, 'lines')
  const lineDiscounts = sumMoney(lines.map((line) => money(line, 'discount')))
  const lineTotals = sumMoney(lines.map((line) => money(line, 'total')))
  return {
    gross: sumMoney([lineTotals, lineDiscounts]),
    lineDiscounts,
    receiptDiscount: money(receipt, 'discount_total'),
    tip: money(receipt, 'tip'),
    rounding: money(receipt, 'rounding'),
    total: money(receipt, 'total'),
    tax:
      typeof receipt.tax_total === 'number'
        ? receipt.tax_total
        : sumMoney(lines.map((line) => money(line, 'tax'))),
  }
}

/** The items of a record's list; none where it is left out. */
export const itemsOf = (data: RecordData, name: string): RecordData[] =>
  (data[name] as RecordData[] | undefined) ?? []

/** A money field; 0 where it is left out. */
export const money = (data: RecordData, name: string): number =>
  typeof data[name] === 'number' ? data[name] : 0
