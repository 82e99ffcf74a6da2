import { Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { Device } from '@/shared/api/types'
import { dash } from '@/shared/format/format'
import { useFormat } from '@/shared/format/use-format'
import { useNow } from '@/shared/format/use-now'
import { useOrganization } from '@/shared/session/organization'
import { DataTable, type Column } from '@/shared/table/data-table'
import { Card } from '@/shared/ui/card'
import { Loaded, RowsSkeleton } from '@/shared/ui/loaded'
import { clockSkew } from './clock-skew'
import { devicesOptions } from './queries'

/** The installations that synchronize, and whether their clocks are right. */
export function DevicesCard() {
  const { t } = useTranslation('synchronization')
  const query = useQuery(devicesOptions(useOrganization().id))
  const columns = useColumns()
  return (
    <Card title={t('devices.title')}>
      <Loaded query={query} loading={<RowsSkeleton rows={3} />}>
        {({ items }) => (
          <DataTable
            caption={t('devices.title')}
            columns={columns}
            rows={items}
            rowKey={({ id }) => id}
          />
        )}
      </Loaded>
    </Card>
  )
}

function useColumns(): Column<Device>[] {
  const { t } = useTranslation('synchronization')
  const format = useFormat()
  const now = useNow()
  const moment = (at: string | null) => (at ? format.relative(at, now) : t('never'))
  return [
    {
      key: 'name',
      header: t('devices.name'),
      phone: 'title',
      cell: ({ name }) => (
        <Text component="span" fz="inherit" fw={550}>
          {name || t('rejections.unknown_device')}
        </Text>
      ),
    },
    {
      key: 'agent',
      header: t('devices.agent'),
      cell: ({ agent, agent_version }) => (agent ? `${agent} ${agent_version}` : dash),
    },
    {
      key: 'last_seen_at',
      header: t('devices.last_seen'),
      phone: 'value',
      cell: ({ last_seen_at }) => moment(last_seen_at),
    },
    {
      key: 'last_push_at',
      header: t('devices.last_push'),
      cell: ({ last_push_at }) => moment(last_push_at),
    },
    {
      key: 'last_pull_at',
      header: t('devices.last_pull'),
      cell: ({ last_pull_at }) => moment(last_pull_at),
    },
    {
      key: 'clock',
      header: t('devices.clock'),
      cell: ({ clock_skew_seconds }) => <Clock seconds={clock_skew_seconds} />,
    },
  ]
}

function Clock({ seconds }: { seconds: number | null }) {
  const { t } = useTranslation('synchronization')
  const format = useFormat()
  if (seconds === null) return t('clock.unknown')
  const { state, by } = clockSkew(seconds)
  if (state === 'right') return t('clock.right')
  return (
    <Text component="span" fz="inherit" c="var(--interpos-bad)">
      {t(`clock.${state}`, { duration: format.duration(by) })}
    </Text>
  )
}
