import { Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useCan } from '@/model/use-access'
import type { RecordHistory } from '@/shared/api/types'
import { useOrganization } from '@/shared/session/organization'
import { MoreButtons } from '@/shared/table/more-buttons'
import type { References } from '@/shared/table/reference'
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
  const nameAll = useNames()
  return (
    <Loaded query={query} loading={<RowsSkeleton rows={4} />}>
      {({ items, next_cursor, removed_up_to, ...named }) => (
        <div>
          <ol className={classes.versions}>
            {items.map((version) => (
              <HistoryEntry
                key={version.version}
                kind={record.kind}
                version={version}
                references={nameAll(named)}
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

type Named = Pick<RecordHistory, 'references' | 'deleted_references'>

/** Names as texts have them: those of deleted records say so, since a history crosses out what was before. */
function useNames() {
  const { t } = useTranslation()
  return ({ references, deleted_references = [] }: Named): References => {
    const deleted = deleted_references.map((id) => [
      id,
      t('deleted_name', { name: references[id] }),
    ])
    return { ...references, ...(Object.fromEntries(deleted) as References) }
  }
}
