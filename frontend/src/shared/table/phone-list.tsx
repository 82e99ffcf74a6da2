import { Box, Group, Text } from '@mantine/core'
import type { Cell, Row as TableRow } from '@tanstack/react-table'
import { IconChevronRight } from '../ui/icons'
import { TextLink } from '../ui/links'
import type { Column, DataTableProps, PhonePlace } from './column'
import classes from './data-table.module.css'
import { SortSelect } from './sort-select'
import { contentOf, useTable } from './use-table'

/** A table's rows as entries of a list: title and value on the first line, the rest below with their names. */
export function PhoneList<Row>(props: DataTableProps<Row>) {
  const { columns, caption, link, busy } = props
  const table = useTable(props)
  return (
    <>
      <SortSelect table={table} />
      <Box component="ul" className={classes.list} aria-label={caption} aria-busy={busy}>
        {table.getRowModel().rows.map((row) => {
          const page = link?.(row.original)
          return (
            <li key={row.id} className={classes.entry}>
              <Group justify="space-between" wrap="nowrap" gap="sm" align="baseline">
                <Box className={classes.title}>
                  {cellsAt(row, 'title').map((cell) =>
                    page ? (
                      <TextLink
                        key={cell.id}
                        {...page}
                        className={classes.rowLink}
                        underline="never"
                        fw={550}
                      >
                        {contentOf(cell)}
                      </TextLink>
                    ) : (
                      <Text key={cell.id} component="span" fw={550}>
                        {contentOf(cell)}
                      </Text>
                    ),
                  )}
                </Box>
                <Group gap={6} wrap="nowrap" className={classes.value}>
                  {given(cellsAt(row, 'value')).map((cell) => (
                    <span key={cell.id}>{contentOf(cell)}</span>
                  ))}
                  {page && <IconChevronRight size={16} color="var(--mantine-color-dimmed)" />}
                </Group>
              </Group>
              <Lines cells={given([...cellsAt(row, 'plain'), ...cellsAt(row, 'line')])} />
            </li>
          )
        })}
        <Totals columns={columns} />
      </Box>
    </>
  )
}

const cellsAt = <Row,>(row: TableRow<Row>, place: PhonePlace) =>
  row.getVisibleCells().filter(({ column }) => column.columnDef.meta?.phone === place)

const given = <Row,>(cells: Cell<Row, unknown>[]) =>
  cells.filter(({ column, row }) => !column.columnDef.meta?.empty?.(row.original))

// The heading of the totals stands beside a single figure, above several.
function Totals<Row>({ columns }: { columns: Column<Row>[] }) {
  const shown = columns.filter(({ footer, phone }) => footer !== undefined && phone !== 'hidden')
  const figures = shown.filter(({ numeric }) => numeric)
  const heading = shown.find(({ numeric }) => !numeric)?.footer
  if (shown.length === 0) return null
  return (
    <li className={classes.entry}>
      {figures.length > 1 && <Text fw={650}>{heading}</Text>}
      {figures.map(({ key, header, footer }) => (
        <Group key={key} justify="space-between" gap="sm" fw={650}>
          <span>{figures.length > 1 ? header : (heading ?? header)}</span>
          <span className={classes.value}>{footer}</span>
        </Group>
      ))}
    </li>
  )
}

function Lines<Row>({ cells }: { cells: Cell<Row, unknown>[] }) {
  if (cells.length === 0) return null
  return (
    <dl className={classes.lines}>
      {cells.map((cell) => {
        const { meta, header } = cell.column.columnDef
        return (
          <div key={cell.id}>
            <dt className={meta?.phone === 'plain' ? classes.unseen : undefined}>
              {String(header)}
            </dt>
            <dd className={meta?.numeric ? 'numeric' : undefined}>{contentOf(cell)}</dd>
          </div>
        )
      })}
    </dl>
  )
}
