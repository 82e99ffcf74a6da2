import type { ColumnMeta, RowData } from '@tanstack/react-table'
import type { LinkProps } from '@tanstack/react-router'
import type { ReactNode } from 'react'

/** Place in the phone's list: the title, the value at its right, below with its name or without, nowhere. */
export type PhonePlace = 'title' | 'value' | 'line' | 'plain' | 'hidden'

declare module '@tanstack/react-table' {
  /** How a column looks. */
  // eslint-disable-next-line @typescript-eslint/no-unused-vars -- the library's own parameter
  interface ColumnMeta<TData extends RowData, TValue> {
    /** Right-aligned with figures of equal width. */
    numeric?: boolean
    /** Keeps the value on one line: numbers of documents, times, phones. */
    nowrap?: boolean
    /** What the figure means; shown at the header on hover, on focus and on a tap. */
    explanation?: string
    /** Where a phone shows it; `line` when left out. */
    phone?: PhonePlace
    /** Whether a row has nothing to show here; a phone then leaves it out. */
    empty?: (row: TData) => boolean
    /** The cell of the totals row. */
    footer?: ReactNode
  }
}

/** A column of DataTable. */
export type Column<Row> = ColumnMeta<Row, unknown> & {
  /** Identifies the column; the API's sort key of one that can be sorted by. */
  key: string
  header: string
  cell: (row: Row) => ReactNode
  /** Makes the header a button that sorts. */
  sortable?: boolean
}

/** What DataTable and its phone form show. */
export type DataTableProps<Row> = {
  columns: Column<Row>[]
  rows: Row[]
  rowKey: (row: Row) => string
  /** Names the table for screen readers. */
  caption: string
  /** The page that a row opens, if it has one; its first column becomes the link. */
  link?: (row: Row) => LinkProps | undefined
  /** The sort in force, as in the URL: `name` or `-name`. */
  sort?: string
  /** Keeps the first column in sight while a wide table is scrolled sideways. */
  sticky?: boolean
  /** Other rows are on their way. */
  busy?: boolean
  /** Below this width, in pixels, the table scrolls sideways. */
  minWidth?: number
}
