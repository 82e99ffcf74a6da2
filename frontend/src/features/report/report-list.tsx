import { Text } from '@mantine/core'
import type { LinkProps } from '@tanstack/react-router'
import { Explained } from '@/shared/ui/explained'
import { SortSelect } from '@/shared/table/sort-select'
import { useTable } from '@/shared/table/use-table'
import { IconChevronDown } from '@/shared/ui/icons'
import { TextLink } from '@/shared/ui/links'
import type { Column, DataTableProps } from '@/shared/table/data-table'
import type { ReactNode } from 'react'
import classes from './report-list.module.css'

/** A report's table: rows are already in order. */
export type ReportTableProps<Row> = DataTableProps<Row> & {
  /** The measure that stands beside a row's name on a phone, and those below it; the rest unfolds. */
  value: string
  aside: string[]
  /** Says where a row's link leads. */
  linkLabel: string
}

/** A report on a phone: each row shows its main figures and unfolds to all, with formulas and its link. */
export function ReportList<Row>(props: ReportTableProps<Row>) {
  const { columns, rows, rowKey, link, linkLabel } = props
  const table = useTable(props)
  const [name] = columns
  return (
    <div>
      <SortSelect table={table} />
      <Entry {...props} title={name?.footer} cell={(column) => column.footer} strong />
      {rows.map((row) => (
        <Entry
          key={rowKey(row)}
          {...props}
          title={name?.cell(row)}
          cell={(column) => column.cell(row)}
          foot={<Foot page={link?.(row)} label={linkLabel} />}
        />
      ))}
    </div>
  )
}

function Foot({ page, label }: { page: LinkProps | undefined; label: string }) {
  return page ? (
    <Text pb="sm">
      <TextLink {...page}>{label}</TextLink>
    </Text>
  ) : null
}

type EntryProps<Row> = ReportTableProps<Row> & {
  title: ReactNode
  cell: (column: Column<Row>) => ReactNode
  foot?: ReactNode
  strong?: boolean
}

function Entry<Row>({ columns, value, aside, title, cell, foot, strong }: EntryProps<Row>) {
  const of = (key: string) => columns.find((column) => column.key === key)
  const main = of(value)
  return (
    <details className={classes.entry} data-strong={strong}>
      <summary className={classes.summary}>
        <span className={classes.title}>{title}</span>
        <span className={classes.value}>{main && cell(main)}</span>
        <IconChevronDown size={16} className={classes.chevron} />
        <span className={classes.aside}>
          {aside.map((key) => {
            const column = of(key)
            const content = column && cell(column)
            return content == null ? null : (
              <span key={key}>
                {column?.header} {content}
              </span>
            )
          })}
        </span>
      </summary>
      <dl className={classes.figures}>
        {columns.slice(1).map((column) => (
          <Figure key={column.key} column={column} content={cell(column)} />
        ))}
      </dl>
      {foot}
    </details>
  )
}

function Figure<Row>({ column, content }: { column: Column<Row>; content: ReactNode }) {
  if (content == null) return null
  return (
    <div>
      <dt>
        {column.explanation ? (
          <Explained label={String(column.header)} explanation={column.explanation}>
            {column.header}
          </Explained>
        ) : (
          column.header
        )}
      </dt>
      <dd>{content}</dd>
    </div>
  )
}
