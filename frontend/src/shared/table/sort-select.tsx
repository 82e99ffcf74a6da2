import { Select } from '@mantine/core'
import type { Table } from '@tanstack/react-table'
import { useTranslation } from 'react-i18next'
import classes from './data-table.module.css'
import { sortingOf, sortOf } from './sorting'

/** The order of a list on a phone, which has no headers; nothing where no column can be sorted by. */
export function SortSelect<Row>({ table }: { table: Table<Row> }) {
  const { t } = useTranslation('filter')
  const options = table
    .getAllLeafColumns()
    .filter((column) => column.getCanSort())
    .flatMap((column) => {
      const name = String(column.columnDef.header)
      const ascending = { value: column.id, label: t('sort.ascending', { name }) }
      const descending = { value: `-${column.id}`, label: t('sort.descending', { name }) }
      return column.getFirstSortDir() === 'desc' ? [descending, ascending] : [ascending, descending]
    })
  if (options.length === 0) return null
  return (
    <div className={classes.controls}>
      <Select
        aria-label={t('sort.label')}
        placeholder={t('sort.label')}
        data={options}
        value={sortOf(table.getState().sorting) ?? null}
        onChange={(value) => table.setSorting(sortingOf(value ?? undefined))}
        flex={1}
        allowDeselect={false}
      />
    </div>
  )
}
