import { useQuery } from '@tanstack/react-query'
import type { LinkProps } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { useCan } from '@/model/use-access'
import type { RemarkCount } from '@/shared/api/types'
import { isDocumentKind } from '@/features/record/schema'
import { useRecordWords } from '@/features/record/use-record-words'
import { useFormat } from '@/shared/format/use-format'
import { useOrganization } from '@/shared/session/organization'
import { DataTable } from '@/shared/table/data-table'
import { Card } from '@/shared/ui/card'
import { Loaded, RowsSkeleton } from '@/shared/ui/loaded'
import { remarksOptions } from './queries'

/** How many records do not add up, by kind and remark; each count leads to its records. */
export function RemarksCard() {
  const { t } = useTranslation(['synchronization', 'record'])
  const words = useRecordWords()
  const format = useFormat()
  const query = useQuery(remarksOptions(useOrganization().id))
  const documents = useCan('documents')
  const directories = useCan('directories')
  if (query.data?.items.length === 0) return null
  return (
    <Card title={t('remarks.title')} description={t('remarks.text')}>
      <Loaded query={query} loading={<RowsSkeleton rows={3} />}>
        {({ items }) => (
          <DataTable
            caption={t('remarks.title')}
            rows={items}
            rowKey={({ kind, code }) => `${kind} ${code}`}
            link={(count) =>
              (isDocumentKind(count.kind) ? documents : directories) ? recordsOf(count) : undefined
            }
            columns={[
              {
                key: 'code',
                header: t('remarks.code'),
                phone: 'title',
                cell: ({ code }) => t(`record:remark.code.${code}`),
              },
              {
                key: 'kind',
                header: t('remarks.record'),
                phone: 'plain',
                cell: ({ kind }) => words.kind(kind),
              },
              {
                key: 'records',
                header: t('remarks.count'),
                numeric: true,
                phone: 'value',
                cell: ({ records }) => format.integer(records),
              },
            ]}
          />
        )}
      </Loaded>
    </Card>
  )
}

const recordsOf = ({ kind, code }: RemarkCount): LinkProps =>
  isDocumentKind(kind)
    ? {
        to: '/o/$organizationId/documents/$kind',
        params: { kind },
        search: { period: 'all', remark: code } as never,
      }
    : {
        to: '/o/$organizationId/directories/$kind',
        params: { kind },
        search: { archived: 'all', remark: code } as never,
      }
