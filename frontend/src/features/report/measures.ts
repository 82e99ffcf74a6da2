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
  'cost',
  'gross_profit',
  'margin',
  'guests',
  'net_per_guest',
  'taxes',
  'tips',
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

/** How a measure is written: money in full where it stands alone, without the sign in a table. */
export function writeMeasure(measure: Measure, format: Format, place: 'alone' | 'table') {
  switch (measure) {
    case 'receipts':
    case 'guests':
      return format.integer
    case 'quantity':
      return format.quantity
    case 'margin':
      return format.share
    default:
      return place === 'table' ? format.amount : format.money
  }
}
