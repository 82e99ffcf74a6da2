import { useTranslation } from 'react-i18next'
import { useCan } from '@/model/use-access'
import type { SalesByDay } from '@/shared/api/types'
import { BarChart } from '@/shared/chart/bar-chart'
import { useFormat } from '@/shared/format/use-format'
import { receiptsOf } from '@/features/report/receipts-of'
import { isByMonth, monthsOf, writersOf, type ChartMeasure } from './points'

type Props = { report: SalesByDay; measure: ChartMeasure; outletId?: string }

/** A measure by business day; by month, where days would be too many to tell apart. */
export function DayChart({ report, measure, outletId }: Props) {
  const { t } = useTranslation('report')
  const format = useFormat()
  const open = useCan('documents')
  const writers = writersOf(measure, format)
  const name = t(`measure.${measure}`)
  const byMonth = isByMonth(report.rows)
  return (
    <BarChart
      title={t(byMonth ? 'chart.by_month' : 'chart.by_day')}
      description={t('chart.sum', { name, value: writers.writeValue(report.totals[measure] ?? 0) })}
      category={t(byMonth ? 'column.month' : 'column.day')}
      measure={name}
      points={
        byMonth
          ? monthsOf(report.rows).map((row) => ({
              key: row.month,
              axis: format.monthShort(`${row.month}-01`),
              name: format.month(`${row.month}-01`),
              value: row[measure] ?? 0,
            }))
          : report.rows.map((row) => ({
              key: row.day,
              axis: format.dayShort(row.day),
              name: format.dayWeekday(row.day),
              value: row[measure] ?? 0,
              link: open ? receiptsOf(row.day, outletId) : undefined,
            }))
      }
      {...writers}
    />
  )
}
