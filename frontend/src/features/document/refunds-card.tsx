import { useTranslation } from 'react-i18next'
import type { DocumentItem } from '@/shared/api/types'
import { useFormat } from '@/shared/format/use-format'
import { recordLink } from '@/features/record/record-link'
import { useRecordWords } from '@/features/record/use-record-words'
import { DataTable } from '@/shared/table/data-table'
import { Card } from '@/shared/ui/card'

/** The receipts that give this one back, in whole or in part. */
export function RefundsCard({ refunds }: { refunds: DocumentItem[] }) {
  const { t } = useTranslation('document')
  const words = useRecordWords()
  const format = useFormat()
  if (refunds.length === 0) return null
  return (
    <Card title={t('refunds.title')}>
      <DataTable
        caption={t('refunds.title')}
        minWidth={380}
        rows={refunds}
        rowKey={({ id }) => id}
        link={({ kind, id }) => recordLink(kind, id)}
        columns={[
          {
            key: 'number',
            header: words.field('number'),
            phone: 'title',
            cell: ({ number }) => number,
          },
          {
            key: 'occurred_at',
            header: words.field('occurred_at'),
            cell: ({ occurred_at }) => format.dateTimeShort(occurred_at),
          },
          {
            key: 'total',
            header: words.field('total'),
            numeric: true,
            phone: 'value',
            cell: ({ total }) => format.money(total === null ? null : -total),
          },
        ]}
      />
    </Card>
  )
}
