import type { Measures, ProductMeasures } from '@/shared/api/types'
import type { Format } from '@/shared/format/format'

/** A figure of a report; its name and formula stand in the locale files under the same key. */
export type Measure = keyof Measures | keyof ProductMeasures

/** The measures of sales by day, those looked at most first. */
export const dayMeasures = [
  'net_sales',
  'receipts',
  'average_check',
  'gross_sales',
  'discounts',
  'refunds',
  'collected',
  'cost',
  'gross_profit',
  'margin',
] as const satisfies readonly (keyof Measures)[]

/** What lies between net sales and the money, and what is looked at now and then. */
const further = [
  'service_charges',
  'tax_on_top',
  'tips',
  'rounding',
  'unexplained',
  'unpaid',
  'taxes',
  'cost_share',
] as const

/** The measures that sales by day show when all are asked for. */
export const allDayMeasures = [
  ...dayMeasures,
  ...further,
  'guests',
  'net_per_guest',
] as const satisfies readonly (keyof Measures)[]

/** The measures of sales by product. */
export const productMeasures = [
  'quantity',
  'net_sales',
  'gross_sales',
  'discounts',
  'refunds',
  'cost',
  'gross_profit',
  'margin',
  'receipts',
] as const satisfies readonly (keyof ProductMeasures)[]

/** The measures that sales by product show when all are asked for. */
export const allProductMeasures = [
  ...productMeasures,
  'collected',
  ...further,
] as const satisfies readonly (keyof ProductMeasures)[]

/** How a measure is written: money in full where it stands alone, without the sign in a table. */
export function writeMeasure(measure: Measure, format: Format, place: 'alone' | 'table') {
  switch (measure) {
    case 'receipts':
    case 'guests':
      return format.integer
    case 'quantity':
      return format.quantity
    case 'margin':
    case 'cost_share':
      return format.share
    default:
      return place === 'table' ? format.amount : format.money
  }
}
