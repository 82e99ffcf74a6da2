import { SimpleGrid, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useCan } from '@/model/use-access'
import type { PaymentsByType, SalesByDay } from '@/shared/api/types'
import { useFormat } from '@/shared/format/use-format'
import { useOrganization } from '@/shared/session/organization'
import { DeletedName } from '@/shared/table/deleted-name'
import { Card } from '@/shared/ui/card'
import { Explained } from '@/shared/ui/explained'
import { TextLink } from '@/shared/ui/links'
import { Loaded, RowsSkeleton } from '@/shared/ui/loaded'
import classes from './money-card.module.css'
import { paymentsByTypeOptions, type ReportQuery } from './queries'
import { remarkedReceiptsOf } from './receipts-of'

// What stands between net sales and the money; what there is none of is left out.
const between = ['service_charges', 'tax_on_top', 'tips', 'rounding', 'unexplained'] as const

type Figure = 'net_sales' | 'collected' | 'unpaid' | (typeof between)[number]

/** How net sales become what was collected, and what that was paid with. */
export function MoneyCard({ report, query }: { report: SalesByDay; query: ReportQuery }) {
  const { t } = useTranslation('report')
  const payments = useQuery(paymentsByTypeOptions(useOrganization().id, query))
  const mayOpen = useCan('documents')
  const { totals } = report
  const doubtful = totals.unexplained !== 0 || totals.unpaid !== 0
  return (
    <Card title={t('bridge.title')} description={t('bridge.text')}>
      <SimpleGrid cols={{ base: 1, md: 2 }} spacing={{ base: 'lg', md: 48 }}>
        <dl className={classes.sum}>
          <Line figure="net_sales" value={totals.net_sales} />
          {between
            .filter((figure) => totals[figure] !== 0)
            .map((figure) => (
              <Line key={figure} figure={figure} value={totals[figure]} signed />
            ))}
          <Line figure="collected" value={totals.collected} strong />
        </dl>
        <Loaded query={payments} loading={<RowsSkeleton />}>
          {(data) => <Payments payments={data} />}
        </Loaded>
      </SimpleGrid>
      {doubtful && mayOpen && (
        <TextLink {...remarkedReceiptsOf(report.from, report.to, query.outlet_id)} fz="sm">
          {t('bridge.remarked')}
        </TextLink>
      )}
    </Card>
  )
}

function Payments({ payments: { rows, totals } }: { payments: PaymentsByType }) {
  const { t } = useTranslation('report')
  const format = useFormat()
  return (
    <div>
      <Text fw={600} mb={4}>
        {t('bridge.payments')}
      </Text>
      {rows.length === 0 && <Text c="dimmed">{t('bridge.no_payments')}</Text>}
      <dl className={classes.sum}>
        {rows.map(({ payment_type_id, name, amount, deleted }) => (
          <Pair
            key={payment_type_id}
            name={<DeletedName deleted={deleted}>{name || t('bridge.unknown_type')}</DeletedName>}
          >
            {format.money(amount)}
          </Pair>
        ))}
        {totals.unpaid !== 0 && <Line figure="unpaid" value={totals.unpaid} />}
        <Line figure="collected" value={totals.collected} strong />
      </dl>
    </div>
  )
}

type LineProps = { figure: Figure; value: number; strong?: boolean; signed?: boolean }

function Line({ figure, value, strong, signed }: LineProps) {
  const { t } = useTranslation('report')
  const format = useFormat()
  const name = t(`measure.${figure}`)
  const written = (signed ? format.moneySigned : format.money)(value)
  return (
    <Pair
      strong={strong}
      name={
        <Explained
          label={t('explain', { name, value: written })}
          explanation={t(`formula.${figure}`)}
          fz="inherit"
          fw="inherit"
        >
          {name}
        </Explained>
      }
    >
      {written}
    </Pair>
  )
}

type PairProps = { name: ReactNode; children: ReactNode; strong?: boolean }

function Pair({ name, children, strong }: PairProps) {
  return (
    <div data-strong={strong}>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  )
}
