import { Table, Tooltip, UnstyledButton } from '@mantine/core'
import type { Header } from '@tanstack/react-table'
import type { ReactElement } from 'react'
import { Explained } from '../ui/explained'
import { IconArrowDown, IconArrowUp, IconSort } from '../ui/icons'
import classes from './data-table.module.css'

const icons = { asc: IconArrowUp, desc: IconArrowDown, none: IconSort }
const ariaSorts = { asc: 'ascending', desc: 'descending', none: undefined } as const

/** A column's name: a button where the table can be sorted by it, with what the figure means where that is said. */
export function HeaderCell<Row>({ header }: { header: Header<Row, unknown> }) {
  const { column, colSpan } = header
  const { numeric } = column.columnDef.meta ?? {}
  return (
    <Table.Th
      colSpan={colSpan}
      className={numeric ? classes.numericHeader : undefined}
      aria-sort={ariaSorts[column.getIsSorted() || 'none']}
    >
      {column.getCanSort() ? <SortButton header={header} /> : <Name header={header} />}
    </Table.Th>
  )
}

function Name<Row>({ header }: { header: Header<Row, unknown> }) {
  const { meta, header: name } = header.column.columnDef
  if (!meta?.explanation) return String(name)
  return (
    <Explained label={String(name)} explanation={meta.explanation} fw="inherit" fz="inherit">
      {String(name)}
    </Explained>
  )
}

function SortButton<Row>({ header: { column } }: { header: Header<Row, unknown> }) {
  const { meta, header: name } = column.columnDef
  const sorted = column.getIsSorted()
  const Icon = icons[sorted || 'none']
  return (
    <Hint text={meta?.explanation}>
      <UnstyledButton className={classes.sort} onClick={column.getToggleSortingHandler()}>
        <span className={meta?.explanation && classes.explained}>{String(name)}</span>
        <Icon size={14} opacity={sorted ? 1 : 0.55} />
      </UnstyledButton>
    </Hint>
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
