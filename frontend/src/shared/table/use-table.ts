import {
  functionalUpdate,
  getCoreRowModel,
  useReactTable,
  type Cell,
  type CellContext,
  type ColumnDef,
  type Table,
} from '@tanstack/react-table'
import type { ReactNode } from 'react'
import type { Column, DataTableProps } from './column'
import { useSearchUpdate } from './search'
import { sortingOf, sortOf } from './sorting'

type Options<Row> = Pick<DataTableProps<Row>, 'columns' | 'rows' | 'rowKey' | 'sort'>

/** The model of a table: rows come sorted and page by page from whoever asked for them; the sort stands in the URL. */
export function useTable<Row>({ columns, rows, rowKey, sort }: Options<Row>): Table<Row> {
  const update = useSearchUpdate()
  const sorting = sortingOf(sort)
  // eslint-disable-next-line react-hooks/incompatible-library -- no React Compiler here to be misled
  return useReactTable({
    data: rows,
    columns: columns.map(definitionOf),
    getRowId: rowKey,
    getCoreRowModel: getCoreRowModel(),
    manualPagination: true,
    manualSorting: true,
    enableMultiSort: false,
    enableSortingRemoval: false,
    state: { sorting },
    onSortingChange: (change) => update({ sort: sortOf(functionalUpdate(change, sorting)) }),
  })
}

/**
 * What stands in a cell. Its column's function is called, not mounted as a component (as flexRender does): columns are
 * made anew with every render, and a component of another function would be mounted anew too.
 */
export const contentOf = <Row>(cell: Cell<Row, unknown>): ReactNode =>
  (cell.column.columnDef.cell as (context: CellContext<Row, unknown>) => ReactNode)(
    cell.getContext(),
  )

function definitionOf<Row>(column: Column<Row>): ColumnDef<Row> {
  const { key, header, cell, sortable = false, numeric, nowrap, explanation, empty } = column
  return {
    id: key,
    header,
    accessorFn: (row) => row[key as keyof Row],
    cell: ({ row }) => cell(row.original),
    enableSorting: sortable,
    // Names start ascending, figures with the greatest.
    sortDescFirst: !!numeric,
    meta: {
      numeric,
      nowrap,
      explanation,
      phone: column.phone ?? 'line',
      empty,
      footer: column.footer,
    },
  }
}

/** Whether the table has a row of totals. */
export const hasTotals = <Row>(columns: Column<Row>[]): boolean =>
  columns.some(({ footer }) => footer !== undefined)
