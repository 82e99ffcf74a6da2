import { Alert, Group, Stack } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import type { DocumentRecord, RecordData } from '@/shared/api/types'
import { useFormat } from '@/shared/format/use-format'
import { HistoryCard } from '@/features/record/history-card'
import { OtherFields } from '@/features/record/other-fields'
import { RemarksNote } from '@/features/record/remarks-note'
import { TechnicalCard } from '@/features/record/technical-card'
import { useRecordWords } from '@/features/record/use-record-words'
import { useOrganization } from '@/shared/session/organization'
import { DeletedReferences } from '@/shared/table/deleted-references'
import { BackLink } from '@/shared/table/back-link'
import { IconInfo } from '@/shared/ui/icons'
import { PageHeader } from '@/shared/ui/page-header'
import { Loaded, RowsSkeleton } from '@/shared/ui/loaded'
import { DocumentBadges } from './badges'
import { DocumentBody } from './document-body'
import { DocumentFacts } from './document-facts'
import classes from './document-page.module.css'
import { documentOptions } from './queries'

const route = getRouteApi('/cabinet/o/$organizationId/documents/$kind/$id')

/** A document's page: its facts, lines, payments, sums, what it was before, and how it came. */
export function DocumentPage() {
  const { t } = useTranslation('document')
  const { kind, id } = route.useParams()
  const query = useQuery(documentOptions(useOrganization().id, kind, id))
  const words = useRecordWords()
  const number = query.data?.number
  return (
    <>
      <PageHeader
        back={
          <BackLink to="/o/$organizationId/documents/$kind" params={{ kind }}>
            {words.kind(kind)}
          </BackLink>
        }
        title={number ? t('title_of', { kind: words.one(kind), number }) : words.one(kind)}
        description={query.data && <Subtitle document={query.data} />}
      />
      <Loaded query={query} loading={<RowsSkeleton />}>
        {(document) => (
          <DeletedReferences value={document.deleted_references}>
            <Content document={document} />
          </DeletedReferences>
        )}
      </Loaded>
    </>
  )
}

function Subtitle({ document }: { document: DocumentRecord }) {
  const format = useFormat()
  const { kind, status, deleted, late } = document
  const data: RecordData = document.data
  if (deleted) return null
  return (
    <Group gap="xs">
      {format.dateTime((data.occurred_at ?? data.placed_at) as string)}
      <DocumentBadges
        kind={kind}
        type={data.type as string | undefined}
        status={status}
        late={late}
      />
    </Group>
  )
}

function Content({ document }: { document: DocumentRecord }) {
  const { t } = useTranslation('record')
  const { kind, data, deleted } = document
  if (deleted) {
    return (
      <Stack gap="md">
        <Alert icon={<IconInfo />} color="gray" title={t('deleted_note_title')}>
          {t('deleted_note')}
        </Alert>
        <HistoryCard record={document} />
        <TechnicalCard record={document} />
      </Stack>
    )
  }
  return (
    <div className={classes.page}>
      <Stack gap="md" className={classes.body}>
        <RemarksNote kind={kind} remarks={document.remarks} />
        <DocumentBody document={document} />
        <OtherFields kind={kind} data={data} />
      </Stack>
      <div className={classes.facts}>
        <DocumentFacts document={document} />
      </div>
      <Stack gap="md" className={classes.technical}>
        <HistoryCard record={document} />
        <TechnicalCard record={document} />
      </Stack>
    </div>
  )
}
