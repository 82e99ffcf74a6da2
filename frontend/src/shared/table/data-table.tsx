import { Table, Tooltip, UnstyledButton } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import { useNavigate, type LinkProps } from '@tanstack/react-router'
import type { ReactElement, ReactNode } from 'react'
import { IconArrowDown, IconArrowUp, IconSort } from '../ui/icons'
import { Explained } from '../ui/explained'
import { TextLink } from '../ui/links'
import classes from './data-table.module.css'
import { PhoneList } from './phone-list'
import { useSearchUpdate } from './search'

/** A column of DataTable. */
export type Column<Row> = {
  key: string
  header: ReactNode
  cell: (row: Row) => ReactNode
  /** Right-aligned with figures of equal width. */
  numeric?: boolean
  /** Keeps the value on one line: numbers of documents, times, phones. */
  nowrap?: boolean
  /** The API's sort key; makes the header a button. */
  sort?: string
  /** What the figure means; shown at the header on hover, on focus and on a tap. */
  explanation?: string
  /** Place in the phone's list: the title, the value at its right, below with its name (default) or without, nowhere. */
  phone?: 'title' | 'value' | 'line' | 'plain' | 'hidden'
  /** The cell of the totals row. */
  footer?: ReactNode
}

/** What DataTable and its phone form show. */
export type DataTableProps<Row> = {
  columns: Column<Row>[]
  rows: Row[]
  rowKey: (row: Row) => string
  /** Names the table for screen readers. */
  caption: string
  /** The page that a row opens; its first column becomes the link. */
  link?: (row: Row) => LinkProps
  /** The sort in force, as in the URL: `name` or `-name`. */
  sort?: string
  /** Keeps the first column in sight while a wide table is scrolled sideways. */
  sticky?: boolean
  /** Other rows are on their way. */
  busy?: boolean
  /** Below this width, in pixels, the table scrolls sideways. */
  minWidth?: number
}

/** Whether tables are shown as lists here. */
export const usePhone = () =>
  useMediaQuery('(max-width: 48em)', undefined, { getInitialValueInEffect: false }) ?? false

/** The one pattern of tables: a table on wide screens, a list of entries on a phone. */
export function DataTable<Row>(props: DataTableProps<Row>) {
  return usePhone() ? <PhoneList {...props} /> : <WideTable {...props} />
}

function WideTable<Row>(props: DataTableProps<Row>) {
  const { columns, rows, rowKey, caption, link, sort, sticky, busy, minWidth = 600 } = props
  const navigate = useNavigate()
  const hasFooter = columns.some((column) => column.footer !== undefined)
  return (
    <Table.ScrollContainer
      minWidth={minWidth}
      scrollAreaProps={{ type: 'auto', offsetScrollbars: 'present' }}
    >
      <Table
        highlightOnHover={!!link}
        verticalSpacing={sticky ? 'xs' : 'sm'}
        horizontalSpacing={sticky ? 'xs' : 'sm'}
        fz={sticky ? 'sm' : '0.9375rem'}
        aria-label={caption}
        aria-busy={busy}
        className={sticky ? classes.sticky : undefined}
      >
        <Table.Thead>
          <Table.Tr>
            {columns.map((column) => (
              <HeaderCell key={column.key} column={column} sort={sort} />
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map((row) => (
            <Table.Tr
              key={rowKey(row)}
              className={link && classes.linked}
              // A cell that stays in sight cuts its link's cover off from the row: the mouse needs another way.
              onClick={sticky && link ? () => void navigate(link(row)) : undefined}
            >
              {columns.map((column, index) => (
                <Table.Td key={column.key} className={cellClass(column)}>
                  {link && index === 0 ? (
                    <TextLink
                      {...link(row)}
                      className={classes.rowLink}
                      underline="hover"
                      fz="inherit"
                      fw={550}
                    >
                      {column.cell(row)}
                    </TextLink>
                  ) : (
                    column.cell(row)
                  )}
                </Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
        {hasFooter && (
          <Table.Tfoot>
            <Table.Tr>
              {columns.map((column) => (
                <Table.Td
                  key={column.key}
                  fw={650}
                  className={column.numeric ? classes.numeric : undefined}
                >
                  {column.footer}
                </Table.Td>
              ))}
            </Table.Tr>
          </Table.Tfoot>
        )}
      </Table>
    </Table.ScrollContainer>
  )
}

function HeaderCell<Row>({ column, sort }: { column: Column<Row>; sort?: string }) {
  const update = useSearchUpdate()
  const className = column.numeric ? classes.numericHeader : undefined
  if (!column.sort) {
    return (
      <Table.Th className={className}>
        {column.explanation ? (
          <Explained
            label={String(column.header)}
            explanation={column.explanation}
            fw="inherit"
            fz="inherit"
          >
            {column.header}
          </Explained>
        ) : (
          column.header
        )}
      </Table.Th>
    )
  }
  const ascending = sort === column.sort
  const descending = sort === `-${column.sort}`
  const Icon = ascending ? IconArrowUp : descending ? IconArrowDown : IconSort
  const next = nextSort(column.sort, sort, column.numeric)
  return (
    <Table.Th
      className={className}
      aria-sort={ascending ? 'ascending' : descending ? 'descending' : undefined}
    >
      <Hint text={column.explanation}>
        <UnstyledButton className={classes.sort} onClick={() => update({ sort: next })}>
          <span className={column.explanation && classes.explained}>{column.header}</span>
          <Icon size={14} opacity={ascending || descending ? 1 : 0.55} />
        </UnstyledButton>
      </Hint>
    </Table.Th>
  )
}

function Hint({ text, children }: { text?: string; children: ReactElement }) {
  if (!text) return children
  return (
    <Tooltip
      label={text}
      multiline
      maw={300}
      position="bottom"
      events={{ hover: true, focus: true, touch: true }}
    >
      {children}
    </Tooltip>
  )
}

const cellClass = <Row,>({ numeric, nowrap }: Column<Row>) =>
  numeric ? classes.numeric : nowrap ? classes.nowrap : undefined

/** The sort after a click: names start ascending, figures with the greatest; a further click turns it. */
export function nextSort(key: string, current?: string, greatestFirst = false): string {
  if (current === key) return `-${key}`
  if (current === `-${key}`) return key
  return greatestFirst ? `-${key}` : key
}
