import { Table } from '@mantine/core'
import { useNavigate, type LinkProps } from '@tanstack/react-router'
import type { Cell, Row as TableRow } from '@tanstack/react-table'
import { TextLink } from '../ui/links'
import type { DataTableProps } from './column'
import classes from './data-table.module.css'
import { HeaderCell } from './header-cell'
import { contentOf, hasTotals, useTable } from './use-table'

/** A table for a mouse and a wide screen; where it is too wide still, it scrolls sideways. */
export function WideTable<Row>(props: DataTableProps<Row>) {
  const { columns, caption, link, sticky, busy, minWidth = 600 } = props
  const table = useTable(props)
  const navigate = useNavigate()
  const dense = sticky || columns.length > mostRoomy
  return (
    <Table.ScrollContainer
      minWidth={minWidth}
      scrollAreaProps={{ type: 'auto', offsetScrollbars: 'present' }}
    >
      <Table
        highlightOnHover={!!link}
        verticalSpacing={dense ? 'xs' : 'sm'}
        horizontalSpacing={dense ? 'xs' : 'sm'}
        fz={dense ? 'sm' : '0.9375rem'}
        aria-label={caption}
        aria-busy={busy}
        className={sticky ? classes.sticky : undefined}
      >
        <Table.Thead>
          {table.getHeaderGroups().map(({ id, headers }) => (
            <Table.Tr key={id}>
              {headers.map((header) => (
                <HeaderCell key={header.id} header={header} />
              ))}
            </Table.Tr>
          ))}
        </Table.Thead>
        <Table.Tbody>
          {table.getRowModel().rows.map((row) => (
            <Table.Tr
              key={row.id}
              className={link?.(row.original) && classes.linked}
              // A cell that stays in sight cuts its link's cover off from the row: the mouse needs another way.
              onClick={() => {
                const page = sticky && link?.(row.original)
                if (page) void navigate(page)
              }}
            >
              <Cells row={row} page={link?.(row.original)} />
            </Table.Tr>
          ))}
        </Table.Tbody>
        {hasTotals(columns) && (
          <Table.Tfoot>
            {table.getFooterGroups().map(({ id, headers }) => (
              <Table.Tr key={id}>
                {headers.map((header) => (
                  <Table.Td
                    key={header.id}
                    fw={650}
                    className={header.column.columnDef.meta?.numeric ? classes.numeric : undefined}
                  >
                    {header.column.columnDef.meta?.footer}
                  </Table.Td>
                ))}
              </Table.Tr>
            ))}
          </Table.Tfoot>
        )}
      </Table>
    </Table.ScrollContainer>
  )
}

// More columns than this stand closer, so that they need not be scrolled.
const mostRoomy = 6

type CellsProps<Row> = { row: TableRow<Row>; page: LinkProps | undefined }

function Cells<Row>({ row, page }: CellsProps<Row>) {
  return row.getVisibleCells().map((cell, index) => {
    const content = contentOf(cell)
    return (
      <Table.Td key={cell.id} className={cellClass(cell)}>
        {page && index === 0 ? (
          <TextLink {...page} className={classes.rowLink} underline="hover" fz="inherit" fw={550}>
            {content}
          </TextLink>
        ) : (
          content
        )}
      </Table.Td>
    )
  })
}

function cellClass<Row>({ column }: Cell<Row, unknown>): string | undefined {
  const { numeric, nowrap } = column.columnDef.meta ?? {}
  if (numeric) return classes.numeric
  return nowrap ? classes.nowrap : undefined
}
