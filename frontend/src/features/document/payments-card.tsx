import { useFormat } from '@/shared/format/use-format'
import { RecordLink } from '@/features/record/record-link'
import { useRecordWords } from '@/features/record/use-record-words'
import { DataTable, type Column } from '@/shared/table/data-table'
import type { References } from '@/shared/table/reference'
import { Card } from '@/shared/ui/card'
import { sumMoney } from './receipt-sums'

/** One payment, or what was paid in one way. */
export type Payment = { payment_type_id: string; amount: number; at?: string }

type Props = {
  title: string
  description?: string
  payments: Payment[]
  references: References
}

/** Payments by type with their sum. */
export function PaymentsCard({ title, description, payments, references }: Props) {
  const words = useRecordWords()
  const format = useFormat()
  if (payments.length === 0) return null
  const several = payments.length > 1
  const columns: Column<Payment>[] = [
    {
      key: 'type',
      header: words.field('payment_type_id'),
      phone: 'title',
      footer: several ? words.field('total') : undefined,
      cell: ({ payment_type_id }) => (
        <RecordLink kind="payment_type" id={payment_type_id} references={references} />
      ),
    },
    {
      key: 'amount',
      header: words.field('amount'),
      numeric: true,
      phone: 'value',
      footer: several ? format.money(sumMoney(payments.map(({ amount }) => amount))) : undefined,
      cell: ({ amount }) => format.money(amount),
    },
  ]
  if (payments.some(({ at }) => at)) {
    columns.splice(1, 0, {
      key: 'at',
      header: words.field('at'),
      cell: ({ at }) => format.time(at),
    })
  }
  return (
    <Card title={title} description={description}>
      <DataTable
        caption={title}
        minWidth={380}
        columns={columns}
        rows={payments}
        rowKey={(payment) => String(payments.indexOf(payment))}
      />
    </Card>
  )
}
