import { Box, Group, Text } from '@mantine/core'
import { IconChevronRight } from '../ui/icons'
import { TextLink } from '../ui/links'
import classes from './data-table.module.css'
import { SortSelect } from './sort-select'
import type { Column, DataTableProps } from './data-table'

/** A table's rows as entries of a list: title and value on the first line, the rest below with their names. */
export function PhoneList<Row>(props: DataTableProps<Row>) {
  const { columns, rows, rowKey, caption, link, sort, busy } = props
  const of = (place: string) => columns.filter((column) => (column.phone ?? 'line') === place)
  return (
    <>
      <SortSelect columns={columns} sort={sort} />
      <Box component="ul" className={classes.list} aria-label={caption} aria-busy={busy}>
        {rows.map((row) => (
          <li key={rowKey(row)} className={classes.entry}>
            <Group justify="space-between" wrap="nowrap" gap="sm" align="baseline">
              <Box className={classes.title}>
                {of('title').map((column) =>
                  link ? (
                    <TextLink
                      key={column.key}
                      {...link(row)}
                      className={classes.rowLink}
                      underline="never"
                      fw={550}
                    >
                      {column.cell(row)}
                    </TextLink>
                  ) : (
                    <Text key={column.key} component="span" fw={550}>
                      {column.cell(row)}
                    </Text>
                  ),
                )}
              </Box>
              <Group gap={6} wrap="nowrap" className={classes.value}>
                {of('value').map((column) => (
                  <span key={column.key}>{column.cell(row)}</span>
                ))}
                {link && <IconChevronRight size={16} color="var(--mantine-color-dimmed)" />}
              </Group>
            </Group>
            <Lines columns={[...of('plain'), ...of('line')]} row={row} />
          </li>
        ))}
        <Totals columns={columns} />
      </Box>
    </>
  )
}

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

function Lines<Row>({ columns, row }: { columns: Column<Row>[]; row: Row }) {
  if (columns.length === 0) return null
  return (
    <dl className={classes.lines}>
      {columns.map((column) => (
        <div key={column.key}>
          <dt className={column.phone === 'plain' ? classes.unseen : undefined}>{column.header}</dt>
          <dd className={column.numeric ? 'numeric' : undefined}>{column.cell(row)}</dd>
        </div>
      ))}
    </dl>
  )
}
