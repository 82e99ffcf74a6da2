import { Select, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Rejection, SyncStatus } from '@/shared/api/types'
import { inKindOrder } from '@/features/record/schema'
import { useRecordWords } from '@/features/record/use-record-words'
import { useOrganization } from '@/shared/session/organization'
import { MoreButtons } from '@/shared/table/more-buttons'
import { useSearchUpdate } from '@/shared/table/search'
import { Card } from '@/shared/ui/card'
import { Loaded, RowsSkeleton } from '@/shared/ui/loaded'
import { DismissDialog } from './dismiss-dialog'
import { rejectionsOptions } from './queries'
import { FullNote } from './full-note'
import { RejectionEntry } from './rejection-entry'
import classes from './rejections.module.css'

const route = getRouteApi('/cabinet/o/$organizationId/synchronization')

/** What was refused and why; a record leaves the list by itself once its source sends it right. */
export function RejectionsCard({ status }: { status: SyncStatus }) {
  const { t } = useTranslation('synchronization')
  const words = useRecordWords()
  const { kind, cursor } = route.useSearch()
  const update = useSearchUpdate()
  const [dismissed, setDismissed] = useState<Rejection>()
  const organizationId = useOrganization().id
  const query = useQuery(rejectionsOptions(organizationId, { kind, cursor }))
  const kinds = inKindOrder(
    status.counts.filter((entry) => entry.rejections > 0 || entry.kind === kind),
  ).map((entry) => entry.kind)
  if (status.rejections === 0) {
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
        (kinds.length > 1 || kind) && (
          <Select
            aria-label={t('rejections.kind')}
            placeholder={t('rejections.kind')}
            data={kinds.map((value) => ({ value, label: words.kind(value) }))}
            value={kind ?? null}
            onChange={(value) => update({ kind: value ?? undefined })}
            clearable
          />
        )
      }
    >
      {status.rejections_full && <FullNote most={status.max_rejections} />}
      <Loaded query={query} loading={<RowsSkeleton rows={4} />}>
        {({ items, next_cursor }) => (
          <>
            {items.length === 0 && <Text c="dimmed">{t('rejections.none_of_kind')}</Text>}
            <ul className={classes.list}>
              {items.map((rejection) => (
                <RejectionEntry
                  key={`${rejection.kind} ${rejection.id}`}
                  rejection={rejection}
                  dismiss={() => setDismissed(rejection)}
                />
              ))}
            </ul>
            <MoreButtons
              cursor={cursor}
              next={next_cursor}
              show={(next) => update({ cursor: next })}
            />
          </>
        )}
      </Loaded>
      <DismissDialog rejection={dismissed} close={() => setDismissed(undefined)} />
    </Card>
  )
}
