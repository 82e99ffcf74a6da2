import { Select } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import classes from './data-table.module.css'
import type { Column } from './data-table'
import { useSearchUpdate } from './search'

/** The order of a list on a phone, which has no headers; nothing where no column can be sorted by. */
export function SortSelect<Row>({ columns, sort }: { columns: Column<Row>[]; sort?: string }) {
  const { t } = useTranslation('filter')
  const update = useSearchUpdate()
  const options = columns.flatMap(({ sort: key, header, numeric }) => {
    if (!key || typeof header !== 'string') return []
    const ascending = { value: key, label: t('sort.ascending', { name: header }) }
    const descending = { value: `-${key}`, label: t('sort.descending', { name: header }) }
    return numeric ? [descending, ascending] : [ascending, descending]
  })
  if (options.length === 0) return null
  return (
    <div className={classes.controls}>
      <Select
        aria-label={t('sort.label')}
        placeholder={t('sort.label')}
        data={options}
        value={sort ?? null}
        onChange={(value) => update({ sort: value ?? undefined })}
        flex={1}
        allowDeselect={false}
      />
    </div>
  )
}
