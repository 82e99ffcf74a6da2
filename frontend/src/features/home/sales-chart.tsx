import { useTranslation } from 'react-i18next'
import type { Dashboard } from '@/shared/api/types'
import { BarChart } from '@/shared/chart/bar-chart'
import { useFormat } from '@/shared/format/use-format'

/** Net sales of the last 30 business days. */
export function SalesChart({ days }: { days: Dashboard['sales_by_day'] }) {
  const { t } = useTranslation('home')
  const format = useFormat()
  const total = days.reduce((sum, day) => sum + day.net_sales, 0)
  return (
    <BarChart
      title={t('chart.title')}
      description={t('chart.text', { total: format.money(total) })}
      category={t('chart.day')}
      measure={t('measure.net_sales')}
      points={days.map(({ day, net_sales }) => ({
        key: day,
        axis: format.dayShort(day),
        name: format.dayWeekday(day),
        value: net_sales,
      }))}
      writeValue={format.money}
      writeAxis={format.moneyCompact}
    />
  )
}
