import { Alert, Badge, Group, Stack } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import type { DirectoryRecord } from '@/shared/api/types'
import { Facts, FieldFacts } from '@/features/record/facts'
import { HistoryCard } from '@/features/record/history-card'
import { NestedList } from '@/features/record/nested-list'
import { OtherFields } from '@/features/record/other-fields'
import { directoryRecordOptions } from '@/features/record/queries'
import { RemarksNote } from '@/features/record/remarks-note'
import { fieldsOf } from '@/features/record/schema'
import { TechnicalCard } from '@/features/record/technical-card'
import { useRecordWords } from '@/features/record/use-record-words'
import { useOrganization } from '@/shared/session/organization'
import { DeletedReferences } from '@/shared/table/deleted-references'
import { BackLink } from '@/shared/table/back-link'
import { Card } from '@/shared/ui/card'
import { IconInfo } from '@/shared/ui/icons'
import { PageHeader } from '@/shared/ui/page-header'
import { Loaded, RowsSkeleton } from '@/shared/ui/loaded'
import { RelatedLinks } from './related-links'

const route = getRouteApi('/cabinet/o/$organizationId/directories/$kind/$id')

/** A directory record's card: all fields in words, lists, what the cabinet does not know, what it was before, how it came. */
export function DirectoryRecordPage() {
  const { kind, id } = route.useParams()
  const query = useQuery(directoryRecordOptions(useOrganization().id, kind, id))
  const words = useRecordWords()
  const name = query.data?.name || words.one(kind)
  return (
    <>
      <PageHeader
        back={
          <BackLink to="/o/$organizationId/directories/$kind" params={{ kind }}>
            {words.kind(kind)}
          </BackLink>
        }
        title={name}
        description={query.data && <Subtitle record={query.data} />}
        actions={query.data && <RelatedLinks record={query.data} />}
      />
      <Loaded query={query} loading={<RowsSkeleton />}>
        {(record) => (
          <DeletedReferences value={record.deleted_references}>
            <Content record={record} />
          </DeletedReferences>
        )}
      </Loaded>
    </>
  )
}

function Subtitle({ record }: { record: DirectoryRecord }) {
  const { t } = useTranslation('directory')
  const words = useRecordWords()
  const { archived, dismissed } = record.data as { archived?: boolean; dismissed?: boolean }
  return (
    <Group gap="xs">
      {words.one(record.kind)}
      {archived && (
        <Badge variant="default" tt="none">
          {t('badge.archived')}
        </Badge>
      )}
      {dismissed && (
        <Badge variant="default" tt="none">
          {t('badge.dismissed')}
        </Badge>
      )}
    </Group>
  )
}

function Content({ record }: { record: DirectoryRecord }) {
  const { t } = useTranslation('record')
  const { kind, data, references, deleted } = record
  const fields = fieldsOf(kind)
  return (
    <Stack gap="md">
      <RemarksNote kind={kind} remarks={record.remarks} />
      {deleted ? (
        <Alert icon={<IconInfo />} color="gray" title={t('deleted_note_title')}>
          {t('deleted_note')}
        </Alert>
      ) : (
        <Card title={t('facts')}>
          <Facts>
            <FieldFacts kind={kind} fields={fields} data={data} references={references} />
          </Facts>
        </Card>
      )}
      {fields
        .filter(({ type }) => type === 'list')
        .map((field) => (
          <NestedList
            key={field.name}
            kind={kind}
            field={field}
            data={data}
            references={references}
          />
        ))}
      <OtherFields kind={kind} data={data} />
      <HistoryCard record={record} />
      <TechnicalCard record={record} />
    </Stack>
  )
}
