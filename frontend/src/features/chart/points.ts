import type { Format } from '@/shared/format/format'

/** The measures that the charts switch between. */
export const chartMeasures = ['net_sales', 'receipts', 'average_check'] as const

/** A measure of the charts. */
export type ChartMeasure = (typeof chartMeasures)[number]

/** How a chart writes a measure: in full for hint and table, short for the axis. */
export function writersOf(measure: ChartMeasure, format: Format) {
  return measure === 'receipts'
    ? { writeValue: format.integer, writeAxis: format.integer }
    : { writeValue: format.money, writeAxis: format.moneyCompact }
}

/** The rows from the first to the last with sales: an empty night says nothing. */
export function busyPart<Row extends { receipts: number; refunds: number }>(rows: Row[]): Row[] {
  const busy = (row: Row) => row.receipts > 0 || row.refunds > 0
  return rows.slice(rows.findIndex(busy), rows.findLastIndex(busy) + 1)
}
