import { useTranslation } from 'react-i18next'
import { useCan } from '@/model/use-access'
import type { SalesByDay } from '@/shared/api/types'
import { BarChart } from '@/shared/chart/bar-chart'
import { useFormat } from '@/shared/format/use-format'
import { receiptsOf } from '@/features/report/receipts-of'
import { writersOf, type ChartMeasure } from './points'

type Props = { report: SalesByDay; measure: ChartMeasure; outletId?: string }

/** A measure by business day. */
export function DayChart({ report, measure, outletId }: Props) {
  const { t } = useTranslation('report')
  const format = useFormat()
  const open = useCan('documents')
  const writers = writersOf(measure, format)
  const name = t(`measure.${measure}`)
  return (
    <BarChart
      title={t('chart.by_day')}
      description={t('chart.sum', { name, value: writers.writeValue(report.totals[measure] ?? 0) })}
      category={t('column.day')}
      measure={name}
      points={report.rows.map((row) => ({
        key: row.day,
        axis: format.dayShort(row.day),
        name: format.dayWeekday(row.day),
        value: row[measure] ?? 0,
        link: open ? receiptsOf(row.day, outletId) : undefined,
      }))}
      {...writers}
    />
  )
}
