import { useTranslation } from 'react-i18next'
import type { DocumentRecord, RecordData } from '@/shared/api/types'
import { dash } from '@/shared/format/format'
import { useFormat } from '@/shared/format/use-format'
import { RecordLink } from '@/features/record/record-link'
import { isGiven } from '@/features/record/schema'
import { useRecordWords } from '@/features/record/use-record-words'
import { DataTable, type Column } from '@/shared/table/data-table'
import type { References } from '@/shared/table/reference'
import { Card } from '@/shared/ui/card'
import { itemsOf, money, receiptSums } from './receipt-sums'
import { Totals, type Row } from './totals'
import classes from './totals.module.css'

type Line = { index: number; data: RecordData }

/** What was sold, with modifiers and discounts, and how the total adds up. */
export function ReceiptLines({ receipt }: { receipt: DocumentRecord }) {
  const words = useRecordWords()
  const lines = itemsOf(receipt.data, 'lines').map((data, index): Line => ({ index, data }))
  const columns = useLineColumns(lines, receipt.references)
  return (
    <Card title={words.field('lines')}>
      <DataTable
        caption={words.field('lines')}
        minWidth={380}
        columns={columns}
        rows={lines}
        rowKey={({ index }) => String(index)}
      />
      <ReceiptTotals data={receipt.data} />
    </Card>
  )
}

function useLineColumns(lines: Line[], references: References): Column<Line>[] {
  const words = useRecordWords()
  const format = useFormat()
  const amount = (name: string, phone: Column<Line>['phone']): Column<Line> => ({
    key: name,
    header: words.field(name),
    numeric: true,
    phone,
    cell: ({ data }) => format.money(data[name] as number | undefined),
  })
  const given = (name: string) => lines.some(({ data }) => isGiven(data[name]) && data[name] !== 0)
  return [
    {
      key: 'name',
      header: words.field('product_id'),
      phone: 'title',
      cell: ({ data }) => <LineName line={data} references={references} />,
    },
    {
      key: 'quantity',
      header: words.field('quantity'),
      numeric: true,
      cell: ({ data }) => format.quantity(data.quantity as number | undefined),
    },
    amount('price', 'line'),
    ...(given('discount') ? [amount('discount', 'line')] : []),
    ...(given('cost') ? [amount('cost', 'hidden')] : []),
    amount('total', 'value'),
  ]
}

function LineName({ line, references }: { line: RecordData; references: References }) {
  const format = useFormat()
  const { product_id, name, note } = line as { product_id?: string; name?: string; note?: string }
  return (
    <>
      {product_id ? (
        <RecordLink kind="product" id={product_id} references={references}>
          {name || undefined}
        </RecordLink>
      ) : (
        name || dash
      )}
      {itemsOf(line, 'modifiers').map((modifier, index) => (
        <span key={index} className={classes.details}>
          {`+ ${String(modifier.name)} · ${format.quantity(modifier.quantity as number)} × ${format.money(modifier.price as number)}`}
        </span>
      ))}
      {note && <span className={classes.details}>{note}</span>}
    </>
  )
}

function ReceiptTotals({ data }: { data: RecordData }) {
  const { t } = useTranslation('document')
  const format = useFormat()
  const sums = receiptSums(data)
  const row = (key: keyof typeof sums, sign = 1): Row[] =>
    sums[key] === 0 ? [] : [{ key, label: t(`sums.${key}`), value: format.money(sign * sums[key]) }]
  return (
    <Totals
      rows={[
        { key: 'gross', label: t('sums.gross'), value: format.money(sums.gross) },
        ...row('lineDiscounts', -1),
        ...row('receiptDiscount', -1),
        ...row('serviceCharge'),
        ...row('taxOnTop'),
        ...row('tip'),
        ...row('rounding'),
        ...row('unexplained'),
        {
          key: 'total',
          label: t(data.type === 'refund' ? 'sums.refunded' : 'sums.total'),
          value: format.money(money(data, 'total')),
          role: 'sum',
        },
        ...row('tax').map((tax): Row => ({ ...tax, role: 'within' })),
      ]}
    />
  )
}
