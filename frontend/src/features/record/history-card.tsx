import { Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useCan } from '@/model/use-access'
import { useOrganization } from '@/shared/session/organization'
import { MoreButtons } from '@/shared/table/more-buttons'
import { Card } from '@/shared/ui/card'
import { Loaded, RowsSkeleton } from '@/shared/ui/loaded'
import classes from './history-card.module.css'
import { HistoryEntry } from './history-entry'
import { historyOptions } from './queries'

type Props = { record: { kind: string; id: string; version: number } }

/** What the record was before, and what each version changed; for those who may see it. */
export function HistoryCard({ record }: Props) {
  const { t } = useTranslation('record')
  if (!useCan('history')) return null
  if (record.version === 1) {
    return (
      <Card title={t('history.title')}>
        <Text c="dimmed">{t('history.none')}</Text>
      </Card>
    )
  }
  return (
    <Card title={t('history.title')} description={t('history.text')}>
      <Versions record={record} />
    </Card>
  )
}

function Versions({ record }: Props) {
  const { t } = useTranslation('record')
  const [cursor, setCursor] = useState<string>()
  const query = useQuery(historyOptions(useOrganization().id, record, cursor))
  return (
    <Loaded query={query} loading={<RowsSkeleton rows={4} />}>
      {({ items, next_cursor, removed_up_to, references }) => (
        <div>
          <ol className={classes.versions}>
            {items.map((version) => (
              <HistoryEntry
                key={version.version}
                kind={record.kind}
                version={version}
                references={references}
              />
            ))}
          </ol>
          {!next_cursor && removed_up_to > 0 && (
            <Text c="dimmed" fz="sm" mt="sm">
              {t('history.cut', { version: removed_up_to })}
            </Text>
          )}
          <MoreButtons cursor={cursor} next={next_cursor} show={setCursor} />
        </div>
      )}
    </Loaded>
  )
}
