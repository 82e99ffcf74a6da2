import { useTranslation } from 'react-i18next'
import { useCan } from '@/model/use-access'
import type { SyncStatus } from '@/shared/api/types'
import { dash } from '@/shared/format/format'
import { useFormat } from '@/shared/format/use-format'
import { inKindOrder, isDocumentKind } from '@/features/record/schema'
import { useRecordWords } from '@/features/record/use-record-words'
import { DataTable, type Column } from '@/shared/table/data-table'
import { Card } from '@/shared/ui/card'
import { OrganizationLink } from '@/shared/ui/links'

type Count = SyncStatus['counts'][number]

/** How many records of each kind have come; a kind leads to its list. */
export function CountsCard({ counts }: { counts: Count[] }) {
  const { t } = useTranslation('synchronization')
  const words = useRecordWords()
  const format = useFormat()
  const directories = useCan('directories')
  const documents = useCan('documents')
  const number = (key: 'records' | 'deleted' | 'rejections'): Column<Count> => ({
    key,
    header: t(`counts.${key}`),
    numeric: true,
    phone: key === 'records' ? 'value' : 'line',
    cell: (count) => (count[key] === 0 && key !== 'records' ? dash : format.integer(count[key])),
  })
  return (
    <Card title={t('counts.title')}>
      <DataTable
        caption={t('counts.title')}
        rows={inKindOrder(counts)}
        rowKey={({ kind }) => kind}
        link={
          directories && documents
            ? ({ kind }) =>
                isDocumentKind(kind)
                  ? {
                      to: '/o/$organizationId/documents/$kind',
                      params: { kind },
                      search: { period: 'all' } as never,
                    }
                  : { to: '/o/$organizationId/directories/$kind', params: { kind } }
            : undefined
        }
        columns={[
          {
            key: 'kind',
            header: t('counts.kind'),
            phone: 'title',
            cell: ({ kind }) => words.kind(kind),
          },
          number('records'),
          number('deleted'),
          { ...number('rejections'), cell: (count) => <RejectedCount {...count} /> },
        ]}
      />
    </Card>
  )
}

// Leads to the rejections of the kind; it stands above the link that covers its row.
function RejectedCount({ kind, rejections }: Count) {
  const { t } = useTranslation('synchronization')
  const words = useRecordWords()
  const format = useFormat()
  if (rejections === 0) return dash
  return (
    <OrganizationLink
      to="/o/$organizationId/synchronization"
      search={{ kind }}
      hash="rejections"
      fz="inherit"
      pos="relative"
      style={{ zIndex: 1 }}
      aria-label={t('counts.rejections_of', {
        kind: words.kind(kind),
        count: rejections,
        formatted: format.integer(rejections),
      })}
    >
      {format.integer(rejections)}
    </OrganizationLink>
  )
}
