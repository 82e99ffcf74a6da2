import { Badge, Group } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { DirectoryItem, RecordData } from '@/shared/api/types'
import { useFormat } from '@/shared/format/use-format'
import { FieldValue } from '@/features/record/field-value'
import { fieldsOf, isNumeric, type DirectoryKind, type Field } from '@/features/record/schema'
import { useRecordWords } from '@/features/record/use-record-words'
import type { Column } from '@/shared/table/data-table'
import { Reference, type References } from '@/shared/table/reference'

// What a list shows of each kind beside the name. The last figure stands at the right on a phone.
const shown: Record<DirectoryKind, string[]> = {
  product: ['code', 'type', 'group_id', 'unit_id', 'cost', 'price'],
  product_group: ['parent_id', 'color'],
  unit: ['short_name', 'code'],
  employee: ['position', 'phone', 'code'],
  customer: ['phone', 'card_number', 'discount_percent', 'bonus_balance'],
  counterparty: ['tax_id', 'phone', 'is_supplier', 'is_buyer'],
  outlet: ['address', 'phone'],
  warehouse: ['outlet_id', 'address'],
  hall: ['outlet_id', 'tables'],
  payment_type: ['type'],
  discount: ['mode', 'value'],
  waste_reason: [],
}

const atRight = ['price', 'bonus_balance', 'value', 'tables']
const hiddenOnPhone = ['cost', 'is_buyer', 'unit_id']
const plainOnPhone = ['type', 'group_id', 'position', 'phone', 'address', 'outlet_id', 'mode']
const sortable = ['code']

/** The columns of a directory's list. */
export function useDirectoryColumns(kind: string, references?: References) {
  const words = useRecordWords()
  const format = useFormat()
  const names: string[] = shown[kind as DirectoryKind] ?? []
  const fields = names.flatMap((name) => fieldsOf(kind).find((field) => field.name === name) ?? [])

  const columns: Column<DirectoryItem>[] = [
    {
      key: 'name',
      header: words.field('name', kind),
      sortable: true,
      phone: 'title',
      cell: (item) => <Name item={item} />,
    },
    ...fields.map((field): Column<DirectoryItem> => ({
      key: field.name,
      header: words.field(field.name, kind),
      numeric: isNumeric(field) || field.type === 'list',
      nowrap: field.type === 'phone' || field.name === 'code',
      sortable: sortable.includes(field.name),
      phone: atRight.includes(field.name)
        ? 'value'
        : hiddenOnPhone.includes(field.name)
          ? 'hidden'
          : plainOnPhone.includes(field.name)
            ? 'plain'
            : 'line',
      cell: ({ data }) => <Cell field={field} kind={kind} data={data} references={references} />,
    })),
  ]
  if (columns.length < 5) {
    columns.push({
      key: 'modified_at',
      header: words.field('modified_at'),
      sortable: true,
      phone: 'hidden',
      nowrap: true,
      cell: (item) => format.dateTimeShort(item.modified_at),
    })
  }
  return columns
}

type CellProps = { field: Field; kind: string; data: RecordData; references?: References }

// Names stand without links: the row is one link already.
function Cell({ field, kind, data, references }: CellProps) {
  const format = useFormat()
  const value = data[field.name]
  if (field.type === 'reference') {
    return <Reference id={value as string | undefined} references={references} />
  }
  if (field.type === 'list') return format.integer((value as unknown[] | undefined)?.length ?? 0)
  if (field.type === 'phone') return value ? String(value) : '—'
  return <FieldValue field={field} data={data} kind={kind} references={references} />
}

function Name({ item }: { item: DirectoryItem }) {
  const { t } = useTranslation('directory')
  if (!item.archived) return item.name
  return (
    <Group gap={8} component="span">
      {item.name}
      <Badge component="span" variant="default" tt="none">
        {item.kind === 'employee' ? t('badge.dismissed') : t('badge.archived')}
      </Badge>
    </Group>
  )
}
