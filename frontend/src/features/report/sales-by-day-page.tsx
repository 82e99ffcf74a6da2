import { Badge, Group, Stack } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { useCan } from '@/model/use-access'
import type { SalesByDay } from '@/shared/api/types'
import { useFormat } from '@/shared/format/use-format'
import { usePeriod } from '@/shared/period/use-period'
import { RecordSelect } from '@/features/record/record-select'
import { useOrganization } from '@/shared/session/organization'
import type { Column } from '@/shared/table/data-table'
import { useSearchUpdate } from '@/shared/table/search'
import { Loaded, RowsSkeleton } from '@/shared/ui/loaded'
import { allDayMeasures, dayMeasures } from './measures'
import { MoneyCard } from './money-card'
import { OpenNote } from './open-note'
import { LateNote } from './late-note'
import { NoSales } from './no-sales'
import { salesByDayOptions, type ReportQuery } from './queries'
import { receiptsOf } from './receipts-of'
import { ReportFrame } from './report-frame'
import { ReportTable } from './report-table'
import { sortRows } from './sort-rows'
import { Summary } from './summary'
import { useMeasureColumns } from './use-measure-columns'

const route = getRouteApi('/cabinet/o/$organizationId/reports/sales-by-day')

type Row = SalesByDay['rows'][number]

const main = ['net_sales', 'collected', 'receipts', 'average_check', 'margin'] as const

/** Sales of each business day with all measures; a day leads to its receipts. */
export function SalesByDayPage() {
  const { outlet_id } = route.useSearch()
  const { from, to } = usePeriod()
  const update = useSearchUpdate()
  const organizationId = useOrganization().id
  const query: ReportQuery = { from, to, outlet_id }
  const report = useQuery(salesByDayOptions(organizationId, query))
  return (
    <ReportFrame
      report="sales-by-day"
      query={query}
      filters={
        <RecordSelect
          kind="outlet"
          value={outlet_id}
          onChange={(id) => update({ outlet_id: id })}
        />
      }
    >
      <Loaded query={report} loading={<RowsSkeleton />}>
        {(data) =>
          hasSales(data) ? (
            <Figures report={data} query={query} busy={report.isPlaceholderData} />
          ) : (
            <NoSales />
          )
        }
      </Loaded>
    </ReportFrame>
  )
}

const hasSales = ({ rows }: SalesByDay) => rows.some(isBusy)
const isBusy = (row: Row) =>
  row.receipts > 0 || row.refunds !== 0 || row.collected !== 0 || row.open_receipts > 0

type FiguresProps = { report: SalesByDay; query: ReportQuery; busy: boolean }

function Figures({ report, query, busy }: FiguresProps) {
  const { t } = useTranslation('report')
  const format = useFormat()
  const { sort = '-day', outlet_id, all } = route.useSearch()
  const open = useCan('documents')
  const columns: Column<Row>[] = [
    {
      key: 'day',
      header: t('column.day'),
      sortable: true,
      nowrap: true,
      cell: ({ day, late_receipts }) =>
        late_receipts ? (
          <Group gap={8} component="span" wrap="nowrap">
            {format.dayWeekday(day)}
            <Badge component="span" color="gray" variant="light" tt="none">
              {t('late.of_day', { formatted: format.integer(late_receipts) })}
            </Badge>
          </Group>
        ) : (
          format.dayWeekday(day)
        ),
      footer: t('total'),
    },
    ...useMeasureColumns(all ? allDayMeasures : dayMeasures, report.totals),
  ]
  return (
    <>
      <Summary measures={main} totals={report.totals} />
      <OpenNote report={report} />
      <LateNote report={report} />
      <Stack gap="md">
        <MoneyCard report={report} query={query} />
        <ReportTable
          caption={t('report.sales-by-day.title')}
          columns={columns}
          rows={sortRows(report.rows, sort)}
          rowKey={({ day }) => day}
          sort={sort}
          busy={busy}
          value="net_sales"
          aside={['receipts', 'average_check']}
          link={open ? ({ day }) => receiptsOf(day, outlet_id) : undefined}
          linkLabel={t('receipts_of_day')}
        />
      </Stack>
    </>
  )
}
