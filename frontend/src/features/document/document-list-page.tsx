import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { ExportMenu } from '@/shared/export/export-menu'
import { usePeriod } from '@/shared/period/use-period'
import { useFieldFilters } from '@/features/record/field-filters'
import { useRecordWords } from '@/features/record/use-record-words'
import { useOrganization } from '@/shared/session/organization'
import { DeletedReferences } from '@/shared/table/deleted-references'
import { BackLink, useRememberSearch } from '@/shared/table/back-link'
import { DataTable } from '@/shared/table/data-table'
import { Pager } from '@/shared/table/pager'
import { Card } from '@/shared/ui/card'
import { PageHeader } from '@/shared/ui/page-header'
import { Loaded, RowsSkeleton } from '@/shared/ui/loaded'
import { useDocumentColumns } from './columns'
import { DocumentFilters } from './document-filters'
import { NoDocuments } from './no-documents'
import { documentListOptions, type DocumentQuery } from './queries'
import { TotalsLine } from './totals-line'

const route = getRouteApi('/cabinet/o/$organizationId/documents/$kind')

/** The documents of a kind in a period: filtered, sorted, page by page, with their sum. */
export function DocumentListPage() {
  const { t } = useTranslation('document')
  const { kind } = route.useParams()
  const organizationId = useOrganization().id
  const words = useRecordWords()
  const query = useDocumentQuery(kind)
  useRememberSearch()
  return (
    <>
      <PageHeader
        back={<BackLink to="/o/$organizationId/documents">{t('title')}</BackLink>}
        title={words.kind(kind)}
        actions={
          <ExportMenu
            organizationId={organizationId}
            path={`documents/${kind}`}
            query={{ ...query, cursor: undefined }}
          />
        }
      />
      <DocumentFilters kind={kind} />
      <Card>
        <List key={`${organizationId} ${kind}`} kind={kind} documents={query} />
      </Card>
    </>
  )
}

function useDocumentQuery(kind: string): DocumentQuery {
  const { q, late, remarked, remark, sort, cursor } = route.useSearch()
  const { from, to } = usePeriod()
  return { from, to, q, ...useFieldFilters(kind), late, remarked, remark, sort, cursor }
}

function List({ kind, documents }: { kind: string; documents: DocumentQuery }) {
  const words = useRecordWords()
  const query = useQuery(documentListOptions(useOrganization().id, kind, documents))
  const columns = useDocumentColumns(kind, query.data?.references)
  return (
    <Loaded
      query={query}
      loading={<RowsSkeleton />}
      isEmpty={({ items }) => items.length === 0}
      empty={<NoDocuments kind={kind} />}
    >
      {({ items, next_cursor, total, sums, deleted_references }) => (
        <DeletedReferences value={deleted_references}>
          {total !== undefined && sums && <TotalsLine kind={kind} count={total} sum={sums.total} />}
          <DataTable
            caption={words.kind(kind)}
            columns={columns}
            rows={items}
            rowKey={({ id }) => id}
            link={({ id }) => ({
              to: '/o/$organizationId/documents/$kind/$id',
              params: { kind, id },
            })}
            sort={documents.sort ?? '-occurred_at'}
            busy={query.isPlaceholderData}
          />
          <Pager nextCursor={next_cursor} />
        </DeletedReferences>
      )}
    </Loaded>
  )
}
