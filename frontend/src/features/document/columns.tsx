import { Group, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { fieldOf } from '@/features/record/schema'
import { useListColumns } from '@/features/record/use-list-columns'
import { useRecordWords } from '@/features/record/use-record-words'
import type { DocumentItem } from '@/shared/api/types'
import { dash } from '@/shared/format/format'
import { useFormat } from '@/shared/format/use-format'
import { usePhone, type Column } from '@/shared/table/data-table'
import type { References } from '@/shared/table/reference'
import { DocumentBadges } from './badges'

/** The columns of a list of documents: those of its model, and what the document comes to. */
export function useDocumentColumns(kind: string, references?: References) {
  const total = useTotalColumn(kind)
  const phone = usePhone()
  const columns = useListColumns<DocumentItem>(kind, references)
    .filter(({ key }) => key !== 'status' && key !== 'total')
    .map((column, index) =>
      index === 0 ? { ...column, cell: titled(kind, column, phone) } : column,
    )
  return hasTotal(kind) ? [...columns, total] : columns
}

/** Whether the kind's documents come to an amount: their own total, else what their lines cost. */
export const hasTotal = (kind: string) => hasOwnTotal(kind) || !!fieldOf(kind, 'lines')

const hasOwnTotal = (kind: string) => !!fieldOf(kind, 'total')

const titled =
  (kind: string, { cell }: Column<DocumentItem>, phone: boolean) =>
  (item: DocumentItem) => (
    <Group gap={8} component="span" wrap={phone ? 'wrap' : 'nowrap'}>
      {cell(item)}
      <DocumentBadges
        kind={kind}
        type={item.type}
        status={item.status}
        late={item.late}
        remarks={item.remarks}
      />
    </Group>
  )

function useTotalColumn(kind: string): Column<DocumentItem> {
  const { t } = useTranslation('document')
  const words = useRecordWords()
  return {
    key: 'total',
    header: words.field('total', kind),
    sortable: true,
    numeric: true,
    phone: 'value',
    explanation: hasOwnTotal(kind) ? undefined : t('list.cost_of_lines'),
    cell: (item) => <Total item={item} />,
  }
}

// A refund takes money out, a cancelled document moves none.
function Total({ item }: { item: DocumentItem }) {
  const format = useFormat()
  if (item.total === null) return dash
  const cancelled = item.status === 'cancelled'
  return (
    <Text
      component="span"
      fz="inherit"
      fw="inherit"
      td={cancelled ? 'line-through' : undefined}
      c={cancelled ? 'dimmed' : undefined}
    >
      {format.money(item.type === 'refund' ? -item.total : item.total)}
    </Text>
  )
}
