import { Alert, Group, SimpleGrid, Stack, Text } from '@mantine/core'
import { lazy, Suspense } from 'react'
import { useTranslation } from 'react-i18next'
import { useCan } from '@/model/use-access'
import type { Dashboard } from '@/shared/api/types'
import { startOfWeek } from '@/shared/format/day'
import { useFormat } from '@/shared/format/use-format'
import { openReceiptsOf } from '@/features/report/receipts-of'
import { Card } from '@/shared/ui/card'
import { IconInfo, IconSync } from '@/shared/ui/icons'
import { OrganizationLink, TextLink } from '@/shared/ui/links'
import { LoadingState } from '@/shared/ui/states'
import { PeriodCard } from './period-card'

// The chart's library is large: it comes after the figures.
const SalesChart = lazy(() => import('./sales-chart').then((m) => ({ default: m.SalesChart })))

/** The money of today and this week, the last month by day, and when the venue last spoke. */
export function Figures({ dashboard }: { dashboard: Dashboard }) {
  const { t } = useTranslation('home')
  const day = dashboard.business_day
  return (
    <Stack gap="md">
      <SimpleGrid cols={{ base: 1, md: 2 }} spacing="md">
        <PeriodCard
          title={t('today')}
          compared={t('compared.today')}
          from={day}
          to={day}
          figures={dashboard.today}
        />
        <PeriodCard
          title={t('week')}
          compared={t('compared.week')}
          from={startOfWeek(day)}
          to={day}
          figures={dashboard.week}
        />
      </SimpleGrid>
      <OpenReceipts count={dashboard.open_receipts} />
      <Suspense fallback={<LoadingState />}>
        <SalesChart days={dashboard.sales_by_day} />
      </Suspense>
      <LastSynchronization last={dashboard.last_synchronization} />
    </Stack>
  )
}

/** Receipts that are still open: their money is in none of the figures yet. */
function OpenReceipts({ count }: { count: number }) {
  const { t } = useTranslation('home')
  const format = useFormat()
  const mayOpen = useCan('documents')
  if (count === 0) return null
  return (
    <Alert icon={<IconInfo />} variant="default">
      {t('open', { count, formatted: format.integer(count) })}{' '}
      {mayOpen && (
        <TextLink {...openReceiptsOf()} fz="inherit">
          {t('open_show')}
        </TextLink>
      )}
    </Alert>
  )
}

function LastSynchronization({ last }: { last: Dashboard['last_synchronization'] }) {
  const { t } = useTranslation('home')
  const format = useFormat()
  const mayOpen = useCan('sync')
  return (
    <Card>
      <Group gap="md" wrap="nowrap">
        <IconSync size={28} color="var(--mantine-color-dimmed)" />
        <div>
          <Text fw={600}>{t('last_sync.title')}</Text>
          <Text c="dimmed">
            {last
              ? t('last_sync.text', {
                  ago: format.relative(last.at),
                  at: format.dateTime(last.at),
                  device: last.device_name,
                })
              : t('last_sync.never')}
          </Text>
          {mayOpen && (
            <OrganizationLink to="/o/$organizationId/synchronization" fz="sm">
              {t('last_sync.open')}
            </OrganizationLink>
          )}
        </div>
      </Group>
    </Card>
  )
}
