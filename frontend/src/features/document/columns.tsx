import { Group, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { DocumentItem } from '@/shared/api/types'
import { dash } from '@/shared/format/format'
import { useFormat } from '@/shared/format/use-format'
import { useRecordWords } from '@/features/record/use-record-words'
import type { Column } from '@/shared/table/data-table'
import { Reference, type References } from '@/shared/table/reference'
import { DocumentBadges } from './badges'

/** The columns of a list of documents. */
export function useDocumentColumns(kind: string, references?: References) {
  const { t } = useTranslation('document')
  const words = useRecordWords()
  const format = useFormat()

  const columns: Column<DocumentItem>[] = [
    {
      key: 'number',
      header: words.field('number'),
      sortable: true,
      phone: 'title',
      nowrap: true,
      cell: (item) => (
        <Group gap={8} component="span" wrap="nowrap">
          {item.number}
          <DocumentBadges kind={kind} type={item.type} status={item.status} late={item.late} />
        </Group>
      ),
    },
    {
      key: 'occurred_at',
      header: words.field('occurred_at'),
      sortable: true,
      nowrap: true,
      phone: 'plain',
      cell: (item) => format.dateTimeShort(item.occurred_at),
    },
    {
      key: 'outlet_id',
      header: words.field('outlet_id'),
      phone: 'plain',
      cell: (item) => <Reference id={item.outlet_id} references={references} />,
    },
    {
      key: 'employee_id',
      header: words.field('employee_id', kind),
      phone: 'hidden',
      cell: (item) => <Reference id={item.employee_id} references={references} />,
    },
  ]
  if (kind === 'purchase') {
    columns.push({
      key: 'counterparty_id',
      header: words.field('supplier_id'),
      phone: 'plain',
      cell: (item) => <Reference id={item.counterparty_id} references={references} />,
    })
  }
  if (kind !== 'cash_shift') {
    columns.push({
      key: 'total',
      header: words.field('total', kind),
      sortable: true,
      numeric: true,
      phone: 'value',
      explanation: kind === 'write_off' ? t('list.write_off_total') : undefined,
      cell: (item) => <Total item={item} />,
    })
  }
  return columns
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
