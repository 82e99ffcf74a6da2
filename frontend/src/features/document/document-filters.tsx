import { Chip } from '@mantine/core'
import { getRouteApi } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { FieldFilters, useSearchLabel } from '@/features/record/field-filters'
import { RemarkFilter } from '@/features/record/remark-filter'
import { PeriodFilter } from '@/shared/period/period-filter'
import { FilterBar } from '@/shared/table/filter-bar'
import { useSearchUpdate } from '@/shared/table/search'
import { SearchInput } from '@/shared/table/search-input'

const route = getRouteApi('/cabinet/o/$organizationId/documents/$kind')

/** The filters of a list of documents: its days, and the fields by which its kind can be filtered. */
export function DocumentFilters({ kind }: { kind: string }) {
  const { t } = useTranslation('document')
  const update = useSearchUpdate()
  const { late } = route.useSearch()
  const searchLabel = useSearchLabel(kind)
  return (
    <FilterBar>
      <PeriodFilter />
      <SearchInput label={searchLabel} />
      <FieldFilters kind={kind} />
      <Chip
        checked={late ?? false}
        onChange={(chosen) => update({ late: chosen || undefined })}
        variant="outline"
      >
        {t('late.filter')}
      </Chip>
      <RemarkFilter />
    </FilterBar>
  )
}
