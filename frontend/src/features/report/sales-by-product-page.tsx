import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { useCan } from '@/model/use-access'
import type { ProductSales, SalesByProduct } from '@/shared/api/types'
import { dash } from '@/shared/format/format'
import { usePeriod } from '@/shared/period/use-period'
import { RecordSelect } from '@/features/record/record-select'
import { recordLink } from '@/features/record/record-link'
import { useOrganization } from '@/shared/session/organization'
import { DeletedName } from '@/shared/table/deleted-name'
import type { Column } from '@/shared/table/data-table'
import { useSearchUpdate } from '@/shared/table/search'
import { Loaded, RowsSkeleton } from '@/shared/ui/loaded'
import { allProductMeasures, productMeasures } from './measures'
import { NoSales } from './no-sales'
import { salesByProductOptions, type ReportQuery } from './queries'
import { ReportFrame } from './report-frame'
import { ReportTable } from './report-table'
import { Share } from './share'
import { sortRows } from './sort-rows'
import { Summary } from './summary'
import { useMeasureColumns } from './use-measure-columns'

const route = getRouteApi('/cabinet/o/$organizationId/reports/sales-by-product')

const main = ['net_sales', 'receipts', 'cost', 'gross_profit', 'margin'] as const

/** Sales of each product with its share of the net sales. */
export function SalesByProductPage() {
  const { outlet_id, group_id } = route.useSearch()
  const { from, to } = usePeriod()
  const { t } = useTranslation('report')
  const update = useSearchUpdate()
  const organizationId = useOrganization().id
  const query: ReportQuery = { from, to, outlet_id, group_id }
  const report = useQuery(salesByProductOptions(organizationId, query))
  return (
    <ReportFrame
      report="sales-by-product"
      query={query}
      filters={
        <>
          <RecordSelect
            kind="outlet"
            value={outlet_id}
            onChange={(id) => update({ outlet_id: id })}
          />
          <RecordSelect
            kind="product_group"
            label={t('column.group')}
            value={group_id}
            onChange={(id) => update({ group_id: id })}
          />
        </>
      }
    >
      <Loaded
        query={report}
        loading={<RowsSkeleton />}
        isEmpty={({ rows }) => rows.length === 0}
        empty={<NoSales />}
      >
        {(data) => <Figures report={data} busy={report.isPlaceholderData} />}
      </Loaded>
    </ReportFrame>
  )
}

function Figures({ report, busy }: { report: SalesByProduct; busy: boolean }) {
  const { t } = useTranslation('report')
  const { sort = '-net_sales', all } = route.useSearch()
  const open = useCan('directories')
  const total = report.totals.net_sales
  const greatest = Math.max(...report.rows.map((row) => row.net_sales))
  const columns: Column<ProductSales>[] = [
    {
      key: 'name',
      header: t('column.product'),
      sortable: true,
      cell: ({ name, deleted }) => (
        <DeletedName deleted={deleted}>{name || t('no_product')}</DeletedName>
      ),
      footer: t('total'),
    },
    {
      key: 'share',
      header: t('column.share'),
      explanation: t('formula.share'),
      cell: ({ net_sales }) => <Share value={net_sales} of={total} greatest={greatest} />,
    },
    ...useMeasureColumns(all ? allProductMeasures : productMeasures, report.totals),
    {
      key: 'group_name',
      header: t('column.group'),
      sortable: true,
      cell: ({ group_name, group_deleted }) => (
        <DeletedName deleted={group_deleted}>{group_name || dash}</DeletedName>
      ),
    },
  ]
  return (
    <>
      <Summary measures={main} totals={report.totals} />
      <ReportTable
        caption={t('report.sales-by-product.title')}
        columns={columns}
        rows={sortRows(report.rows, sort)}
        rowKey={({ product_id, name }) => product_id ?? `name ${name}`}
        sort={sort}
        busy={busy}
        value="net_sales"
        aside={['quantity', 'share']}
        link={
          open
            ? ({ product_id }) => (product_id ? recordLink('product', product_id) : undefined)
            : undefined
        }
        linkLabel={t('product_card')}
      />
    </>
  )
}
