import { Select } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { ExportMenu } from '@/shared/export/export-menu'
import { FieldFilters, useFieldFilters, useSearchLabel } from '@/features/record/field-filters'
import { directoryOptions, type DirectoryQuery } from '@/features/record/queries'
import { RemarkFilter } from '@/features/record/remark-filter'
import { fieldOf } from '@/features/record/schema'
import { useRecordWords } from '@/features/record/use-record-words'
import { useOrganization } from '@/shared/session/organization'
import { DeletedReferences } from '@/shared/table/deleted-references'
import { BackLink, useRememberSearch } from '@/shared/table/back-link'
import { DataTable } from '@/shared/table/data-table'
import { EmptyList } from '@/features/record/empty-list'
import { FilterBar } from '@/shared/table/filter-bar'
import { Pager } from '@/shared/table/pager'
import { useSearchUpdate } from '@/shared/table/search'
import { SearchInput } from '@/shared/table/search-input'
import { Card } from '@/shared/ui/card'
import { PageHeader } from '@/shared/ui/page-header'
import { Loaded, RowsSkeleton } from '@/shared/ui/loaded'
import { useDirectoryColumns } from './columns'

const route = getRouteApi('/cabinet/o/$organizationId/directories/$kind')

/** One directory: searched, filtered, sorted, page by page. */
export function DirectoryPage() {
  const { t } = useTranslation('directory')
  const { kind } = route.useParams()
  const organizationId = useOrganization().id
  const words = useRecordWords()
  const query = useDirectoryQuery(kind)
  useRememberSearch()
  return (
    <>
      <PageHeader
        back={<BackLink to="/o/$organizationId/directories">{t('title')}</BackLink>}
        title={words.kind(kind)}
        actions={
          <ExportMenu
            organizationId={organizationId}
            path={`directories/${kind}`}
            query={{ ...query, cursor: undefined }}
          />
        }
      />
      <Filters kind={kind} />
      <Card>
        <List key={`${organizationId} ${kind}`} kind={kind} records={query} />
      </Card>
    </>
  )
}

// What a record is once it is no longer used.
const leavers = ['archived', 'dismissed'] as const

function Filters({ kind }: { kind: string }) {
  const { t } = useTranslation('directory')
  const update = useSearchUpdate()
  const { archived } = route.useSearch()
  const searchLabel = useSearchLabel(kind)
  const leaver = leavers.find((name) => fieldOf(kind, name))
  return (
    <FilterBar>
      <SearchInput label={searchLabel} />
      <FieldFilters kind={kind} />
      {leaver && (
        <Select
          aria-label={t(`leavers.${leaver}.label`)}
          value={archived ?? 'false'}
          onChange={(value) => update({ archived: value === 'false' ? undefined : value! })}
          allowDeselect={false}
          data={(['false', 'true', 'all'] as const).map((value) => ({
            value,
            label: t(`leavers.${leaver}.${value}`),
          }))}
        />
      )}
      <RemarkFilter />
    </FilterBar>
  )
}

function useDirectoryQuery(kind: string): DirectoryQuery {
  const { q, sort, cursor, archived, remarked, remark } = route.useSearch()
  return { q, ...useFieldFilters(kind), archived, remarked, remark, sort, cursor }
}

function List({ kind, records }: { kind: string; records: DirectoryQuery }) {
  const update = useSearchUpdate()
  const words = useRecordWords()
  const query = useQuery(directoryOptions(useOrganization().id, kind, records))
  const columns = useDirectoryColumns(kind, query.data?.references)
  const chosen = Object.keys(records).filter(
    (name) => records[name] && name !== 'sort' && name !== 'cursor',
  )
  const reset = () => update(Object.fromEntries(chosen.map((name) => [name, undefined])))
  return (
    <Loaded
      query={query}
      loading={<RowsSkeleton />}
      isEmpty={({ items }) => items.length === 0}
      empty={<EmptyList reset={chosen.length > 0 ? reset : undefined} />}
    >
      {({ items, next_cursor, total, deleted_references }) => (
        <DeletedReferences value={deleted_references}>
          <DataTable
            caption={words.kind(kind)}
            columns={columns}
            rows={items}
            rowKey={({ id }) => id}
            link={({ id }) => ({
              to: '/o/$organizationId/directories/$kind/$id',
              params: { kind, id },
            })}
            sort={records.sort ?? 'name'}
            busy={query.isPlaceholderData}
          />
          <Pager nextCursor={next_cursor} total={total} />
        </DeletedReferences>
      )}
    </Loaded>
  )
}
