import { Select, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Rejection, SyncStatus } from '@/shared/api/types'
import { useRecordWords } from '@/shared/record/use-record-words'
import { useOrganization } from '@/shared/session/me'
import { MoreButtons } from '@/shared/table/more-buttons'
import { Card } from '@/shared/ui/card'
import { Loaded, RowsSkeleton } from '@/shared/ui/states'
import { DismissDialog } from './dismiss-dialog'
import { rejectionsOptions } from './queries'
import { RejectionEntry } from './rejection-entry'
import classes from './rejections.module.css'

type Props = { count: number; counts: SyncStatus['counts'] }

/** What was refused and why; a record leaves the list by itself once its source sends it right. */
export function RejectionsCard({ count, counts }: Props) {
  const { t } = useTranslation('synchronization')
  const words = useRecordWords()
  const [kind, setKind] = useState<string>()
  const [cursor, setCursor] = useState<string>()
  const [dismissed, setDismissed] = useState<Rejection>()
  const organizationId = useOrganization().id
  const query = useQuery(rejectionsOptions(organizationId, { kind, cursor }))
  const kinds = counts.filter(({ rejections }) => rejections > 0).map((entry) => entry.kind)
  if (count === 0) {
    return (
      <Card title={t('rejections.title')}>
        <Text c="dimmed">{t('rejections.none')}</Text>
      </Card>
    )
  }
  return (
    <Card
      title={t('rejections.title')}
      description={t('rejections.text')}
      actions={
        kinds.length > 1 && (
          <Select
            aria-label={t('rejections.kind')}
            placeholder={t('rejections.kind')}
            data={kinds.map((value) => ({ value, label: words.kind(value) }))}
            value={kind ?? null}
            onChange={(value) => {
              setKind(value ?? undefined)
              setCursor(undefined)
            }}
            clearable
          />
        )
      }
    >
      <Loaded query={query} loading={<RowsSkeleton rows={4} />}>
        {({ items, next_cursor }) => (
          <>
            <ul className={classes.list}>
              {items.map((rejection) => (
                <RejectionEntry
                  key={`${rejection.kind} ${rejection.id}`}
                  rejection={rejection}
                  dismiss={() => setDismissed(rejection)}
                />
              ))}
            </ul>
            <MoreButtons cursor={cursor} next={next_cursor} show={setCursor} />
          </>
        )}
      </Loaded>
      <DismissDialog rejection={dismissed} close={() => setDismissed(undefined)} />
    </Card>
  )
}
