import type { ReactNode } from 'react'
import type { RecordData } from '@/shared/api/types'
import { DataTable, type Column } from '@/shared/table/data-table'
import type { References } from '@/shared/table/reference'
import { Card } from '@/shared/ui/card'
import { FieldValue } from './field-value'
import { isGiven, isNumeric, type Field } from './schema'
import { useRecordWords } from './use-record-words'

type Props = {
  kind: string
  /** A field of type list. */
  field: Field
  data: RecordData
  references?: References
  /** What stands below the table, such as its sum. */
  children?: ReactNode
}

/** A list inside a record (components, tables, movements) as a table; nothing when it is empty. */
export function NestedList({ kind, field, data, references, children }: Props) {
  const words = useRecordWords()
  const items = (data[field.name] ?? []) as RecordData[]
  if (items.length === 0) return null
  const shown = (field.fields ?? []).filter(
    ({ name, type }) => type !== 'list' && items.some((item) => isGiven(item[name])),
  )
  const title = words.field(field.name, kind)
  return (
    <Card title={title}>
      <DataTable
        caption={title}
        minWidth={380}
        rows={items.map((item, index) => ({ item, index }))}
        rowKey={({ index }) => String(index)}
        columns={shown.map((inner, index): Column<{ item: RecordData }> => ({
          key: inner.name,
          header: words.field(inner.name),
          numeric: isNumeric(inner),
          phone: index === 0 ? 'title' : index === shown.length - 1 ? 'value' : 'line',
          cell: ({ item }) => <FieldValue field={inner} data={item} references={references} />,
        }))}
      />
      {children}
    </Card>
  )
}
