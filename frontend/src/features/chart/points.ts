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

/** So many bars stay apart on a wide screen; more days than that are shown by month. */
const mostDays = 400

type Sales = { day: string; net_sales: number; receipts: number }

/** Whether a chart of these days is one of their months. */
export const isByMonth = (days: readonly unknown[]) => days.length > mostDays

/** The months of the days, `2026-05`, each with its days' sales. */
export function monthsOf(days: readonly Sales[]) {
  const months = new Map<string, { month: string; net_sales: number; receipts: number }>()
  for (const { day, net_sales, receipts } of days) {
    const month = day.slice(0, 7)
    const sum = months.get(month) ?? { month, net_sales: 0, receipts: 0 }
    months.set(month, {
      month,
      net_sales: sum.net_sales + net_sales,
      receipts: sum.receipts + receipts,
    })
  }
  return [...months.values()].map((sum) => ({
    ...sum,
    average_check: sum.receipts ? sum.net_sales / sum.receipts : null,
  }))
}

/** The rows from the first to the last with sales: an empty night says nothing. */
export function busyPart<Row extends { receipts: number; refunds: number }>(rows: Row[]): Row[] {
  const busy = (row: Row) => row.receipts > 0 || row.refunds > 0
  return rows.slice(rows.findIndex(busy), rows.findLastIndex(busy) + 1)
}
