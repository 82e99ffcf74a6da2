import { Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { SyncSource } from '@/shared/api/types'
import { inKindOrder } from '@/features/record/schema'
import { useRecordWords } from '@/features/record/use-record-words'
import { dash } from '@/shared/format/format'
import { useFormat } from '@/shared/format/use-format'
import { useNow } from '@/shared/format/use-now'
import { useOrganization } from '@/shared/session/organization'
import { DataTable, type Column } from '@/shared/table/data-table'
import { Card } from '@/shared/ui/card'
import { Loaded, RowsSkeleton } from '@/shared/ui/loaded'
import { sourcesOptions } from './queries'

/** The local databases: which devices synchronize each, and what came from it. */
export function SourcesCard() {
  const { t } = useTranslation('synchronization')
  const query = useQuery(sourcesOptions(useOrganization().id))
  const columns = useColumns()
  return (
    <Card title={t('sources.title')} description={t('sources.text')}>
      <Loaded query={query} loading={<RowsSkeleton rows={2} />}>
        {({ items }) =>
          items.length === 0 ? (
            <Text c="dimmed">{t('sources.none')}</Text>
          ) : (
            <DataTable
              caption={t('sources.title')}
              columns={columns}
              rows={items}
              rowKey={({ id }) => id}
            />
          )
        }
      </Loaded>
    </Card>
  )
}

function useColumns(): Column<SyncSource>[] {
  const { t } = useTranslation('synchronization')
  const words = useRecordWords()
  const format = useFormat()
  const now = useNow()
  return [
    {
      key: 'name',
      header: t('sources.name'),
      phone: 'title',
      cell: ({ name }) => (
        <Text component="span" fz="inherit" fw={550}>
          {name}
        </Text>
      ),
    },
    {
      key: 'last_seen_at',
      header: t('sources.last_seen'),
      phone: 'value',
      cell: ({ last_seen_at }) => (last_seen_at ? format.relative(last_seen_at, now) : dash),
    },
    {
      key: 'devices',
      header: t('sources.devices'),
      cell: ({ devices }) =>
        devices.map(({ name }) => name || t('rejections.unknown_device')).join(', ') || dash,
    },
    {
      key: 'kinds',
      header: t('sources.kinds'),
      cell: ({ kinds }) =>
        inKindOrder(kinds)
          .map(({ kind, records }) => `${words.kind(kind)}\u00a0${format.integer(records)}`)
          .join(', ') || dash,
    },
  ]
}
