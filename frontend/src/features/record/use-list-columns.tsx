import type { RecordData } from '@/shared/api/types'
import { dash } from '@/shared/format/format'
import { useFormat } from '@/shared/format/use-format'
import type { Column } from '@/shared/table/data-table'
import { Reference, type References } from '@/shared/table/reference'
import { FieldValue } from './field-value'
import { isGiven, isNumeric, listFieldsOf, type Field } from './schema'
import { useRecordWords } from './use-record-words'

/** An entry of a list of records: what the list shows of it, by field. */
export type Listed = { values: RecordData }

/** The columns of a kind's list, as its model has them. */
export function useListColumns<Item extends Listed>(
  kind: string,
  references?: References,
): Column<Item>[] {
  const words = useRecordWords()
  const fields = listFieldsOf(kind)
  const crowded = fields.length > 6
  return fields.map((field) => ({
    key: field.name,
    header: words.field(field.name, kind),
    numeric: isNumeric(field) || field.type === 'list',
    nowrap: isOneWord(field) || (isTime(field) && !crowded),
    sortable: field.sort,
    phone: field.list,
    empty: ({ values }) => !isGiven(values[field.name]),
    cell: ({ values }) => (
      <ListValue field={field} kind={kind} values={values} references={references} />
    ),
  }))
}

const isOneWord = ({ name, type }: Field) =>
  type === 'phone' || name === 'number' || name === 'code'
const isTime = ({ type }: Field) => type === 'moment' || type === 'date'

// A line may end after the day, not within the time.
const unbroken = (moment: string) => moment.replaceAll(/(?<!,)\s/g, '\u00a0')

type ValueProps = { field: Field; kind: string; values: RecordData; references?: References }

// Nothing is a link of its own: the row is one link already.
function ListValue({ field, kind, values, references }: ValueProps) {
  const format = useFormat()
  const value = values[field.name]
  switch (field.type) {
    case 'reference':
      return <Reference id={value as string | undefined} references={references} />
    case 'list':
      return format.integer((value as number | undefined) ?? 0)
    case 'moment':
      return unbroken(format.dateTimeShort(value as string | undefined))
    case 'phone':
    case 'email':
    case 'url':
      return isGiven(value) ? String(value) : dash
    default:
      return <FieldValue field={field} data={values} kind={kind} references={references} />
  }
}
