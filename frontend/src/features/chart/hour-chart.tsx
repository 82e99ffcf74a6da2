import { useTranslation } from 'react-i18next'
import type { SalesByHour } from '@/shared/api/types'
import { BarChart } from '@/shared/chart/bar-chart'
import { useFormat } from '@/shared/format/use-format'
import { busyPart, writersOf, type ChartMeasure } from './points'

type Props = { report: SalesByHour; measure: ChartMeasure }

/** A measure by hour of the local clock, over all days of the period. */
export function HourChart({ report, measure }: Props) {
  const { t } = useTranslation('report')
  const format = useFormat()
  return (
    <BarChart
      title={t('chart.by_hour')}
      description={t(measure === 'average_check' ? 'chart.by_hour_average' : 'chart.by_hour_text')}
      category={t('chart.hour')}
      measure={t(`measure.${measure}`)}
      points={busyPart(report.rows).map((row) => ({
        key: String(row.hour),
        axis: clock(row.hour),
        name: t('chart.hour_of', { from: clock(row.hour), to: clock((row.hour + 1) % 24) }),
        value: row[measure] ?? 0,
      }))}
      {...writersOf(measure, format)}
    />
  )
}

const clock = (hour: number) => `${String(hour).padStart(2, '0')}:00`
