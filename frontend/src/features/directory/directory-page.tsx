import { Select } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { ExportMenu } from '@/shared/export/export-menu'
import { directoryOptions } from '@/features/record/queries'
import { RecordSelect } from '@/features/record/record-select'
import { useRecordWords } from '@/features/record/use-record-words'
import { useOrganization } from '@/shared/session/organization'
import { BackLink, useRememberSearch } from '@/shared/table/back-link'
import { DataTable } from '@/shared/table/data-table'
import { EmptyList } from '@/features/record/empty-list'
import { FilterBar } from '@/shared/table/filter-bar'
import { Pager } from '@/shared/table/pager'
import { useSearchUpdate } from '@/shared/table/search'
import { SearchInput } from '@/shared/table/search-input'
import { Card } from '@/shared/ui/card'
import { PageHeader } from '@/shared/ui/page-header'
import { Loaded, RowsSkeleton } from '@/shared/ui/states'
import { useDirectoryColumns } from './columns'

const route = getRouteApi('/cabinet/o/$organizationId/directories/$kind')

/** One directory: searched, filtered, sorted, page by page. */
export function DirectoryPage() {
  const { t } = useTranslation('directory')
  const { kind } = route.useParams()
  const organizationId = useOrganization().id
  const words = useRecordWords()
  const { sort, q, group_id, archived } = route.useSearch()
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
            query={{ sort, q, group_id, archived }}
          />
        }
      />
      <Filters kind={kind} />
      <Card>
        <List key={`${organizationId} ${kind}`} kind={kind} />
      </Card>
    </>
  )
}

function Filters({ kind }: { kind: string }) {
  const { t } = useTranslation('directory')
  const words = useRecordWords()
  const update = useSearchUpdate()
  const { group_id, archived } = route.useSearch()
  const leaves = kind === 'employee' ? 'dismissed' : kind === 'product' ? 'archived' : null
  return (
    <FilterBar>
      <SearchInput />
      {kind === 'product' && (
        <RecordSelect
          kind="product_group"
          label={words.field('group_id')}
          value={group_id}
          onChange={(id) => update({ group_id: id })}
        />
      )}
      {leaves && (
        <Select
          aria-label={t(`${leaves}.label`)}
          value={archived ?? 'false'}
          onChange={(value) => update({ archived: value === 'false' ? undefined : value! })}
          allowDeselect={false}
          data={(['false', 'true', 'all'] as const).map((value) => ({
            value,
            label: t(`${leaves}.${value}`),
          }))}
        />
      )}
    </FilterBar>
  )
}

function List({ kind }: { kind: string }) {
  const update = useSearchUpdate()
  const search = route.useSearch()
  const words = useRecordWords()
  const query = useQuery(directoryOptions(useOrganization().id, kind, search))
  const columns = useDirectoryColumns(kind, query.data?.references)
  const filtered = !!(search.q || search.group_id || search.archived)
  const reset = () => update({ q: undefined, group_id: undefined, archived: undefined })
  return (
    <Loaded
      query={query}
      loading={<RowsSkeleton />}
      isEmpty={({ items }) => items.length === 0}
      empty={<EmptyList reset={filtered ? reset : undefined} />}
    >
      {({ items, next_cursor, total }) => (
        <>
          <DataTable
            caption={words.kind(kind)}
            columns={columns}
            rows={items}
            rowKey={({ id }) => id}
            link={({ id }) => ({
              to: '/o/$organizationId/directories/$kind/$id',
              params: { kind, id },
            })}
            sort={search.sort ?? 'name'}
            busy={query.isPlaceholderData}
          />
          <Pager nextCursor={next_cursor} total={total} />
        </>
      )}
    </Loaded>
  )
}
