import { SegmentedControl, Skeleton, Stack } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { lazy, Suspense } from 'react'
import { useTranslation } from 'react-i18next'
import { NoSales } from '@/features/report/no-sales'
import { salesByDayOptions, salesByHourOptions, type ReportQuery } from '@/features/report/queries'
import { PeriodFilter } from '@/shared/period/period-filter'
import { usePeriod } from '@/shared/period/use-period'
import { RecordSelect } from '@/features/record/record-select'
import { useOrganization } from '@/shared/session/organization'
import { FilterBar } from '@/shared/table/filter-bar'
import { useSearchUpdate } from '@/shared/table/search'
import { PageHeader } from '@/shared/ui/page-header'
import { Loaded } from '@/shared/ui/loaded'
import { chartMeasures } from './points'

// The chart's library is large: it comes after the page.
const DayChart = lazy(() => import('./day-chart').then((m) => ({ default: m.DayChart })))
const HourChart = lazy(() => import('./hour-chart').then((m) => ({ default: m.HourChart })))

const route = getRouteApi('/cabinet/o/$organizationId/charts')

/** «Графики»: how sales go by day and by hour. */
export function ChartsPage() {
  const { t } = useTranslation('report')
  const { outlet_id, measure = 'net_sales' } = route.useSearch()
  const { from, to } = usePeriod()
  const update = useSearchUpdate()
  const organizationId = useOrganization().id
  const query: ReportQuery = { from, to, outlet_id }
  const days = useQuery(salesByDayOptions(organizationId, query))
  const hours = useQuery(salesByHourOptions(organizationId, query))
  return (
    <>
      <PageHeader title={t('chart.title')} description={t('chart.text')} />
      <FilterBar>
        <PeriodFilter bounded />
        <RecordSelect
          kind="outlet"
          value={outlet_id}
          onChange={(id) => update({ outlet_id: id })}
        />
        <SegmentedControl
          size="md"
          bg="var(--mantine-color-body)"
          withItemsBorders={false}
          aria-label={t('chart.measure')}
          value={measure}
          onChange={(value) => update({ measure: value === 'net_sales' ? undefined : value })}
          data={chartMeasures.map((value) => ({ value, label: t(`measure.${value}`) }))}
        />
      </FilterBar>
      <Loaded
        query={days}
        loading={<ChartSkeleton />}
        isEmpty={({ totals }) => totals.receipts === 0 && totals.refunds === 0}
        empty={<NoSales />}
      >
        {(byDay) => (
          <Suspense fallback={<ChartSkeleton />}>
            <Stack gap="md">
              <DayChart report={byDay} measure={measure} outletId={outlet_id} />
              <Loaded query={hours} loading={<ChartSkeleton />}>
                {(byHour) => <HourChart report={byHour} measure={measure} />}
              </Loaded>
            </Stack>
          </Suspense>
        )}
      </Loaded>
    </>
  )
}

function ChartSkeleton() {
  return <Skeleton height={372} radius="lg" />
}
