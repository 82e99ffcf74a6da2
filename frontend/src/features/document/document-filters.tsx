import { Chip, Select } from '@mantine/core'
import { getRouteApi } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { PeriodFilter } from '@/shared/period/period-filter'
import { RecordSelect } from '@/features/record/record-select'
import { useRecordWords } from '@/features/record/use-record-words'
import { FilterBar } from '@/shared/table/filter-bar'
import { useSearchUpdate } from '@/shared/table/search'
import { SearchInput } from '@/shared/table/search-input'

const route = getRouteApi('/cabinet/o/$organizationId/documents/$kind')

/** The filters of a list of documents; each stands in the URL. */
export function DocumentFilters({ kind }: { kind: string }) {
  const { t } = useTranslation('document')
  const update = useSearchUpdate()
  const { outlet_id, employee_id, late } = route.useSearch()
  return (
    <FilterBar>
      <PeriodFilter />
      <SearchInput label={t(kind === 'purchase' ? 'filter.purchase_search' : 'filter.search')} />
      <RecordSelect kind="outlet" value={outlet_id} onChange={(id) => update({ outlet_id: id })} />
      <RecordSelect
        kind="employee"
        value={employee_id}
        onChange={(id) => update({ employee_id: id })}
      />
      {kind === 'receipt' && (
        <>
          <WordSelect name="type" values={['sale', 'refund']} />
          <WordSelect name="status" values={['closed', 'cancelled']} />
        </>
      )}
      <Chip
        checked={late ?? false}
        onChange={(chosen) => update({ late: chosen || undefined })}
        variant="outline"
      >
        {t('late.filter')}
      </Chip>
    </FilterBar>
  )
}

type WordProps = { name: 'type' | 'status'; values: string[] }

function WordSelect({ name, values }: WordProps) {
  const { t } = useTranslation('document')
  const words = useRecordWords()
  const update = useSearchUpdate()
  const chosen = route.useSearch()[name]
  return (
    <Select
      aria-label={words.field(name)}
      placeholder={t(`filter.any_${name}`)}
      value={chosen ?? null}
      onChange={(value) => update({ [name]: value ?? undefined })}
      clearable
      data={values.map((value) => ({ value, label: t(`filter.${value as 'sale'}`) }))}
      comboboxProps={{ shadow: 'md' }}
    />
  )
}
