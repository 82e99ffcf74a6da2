import { useTranslation } from 'react-i18next'
import type { DocumentRecord } from '@/shared/api/types'
import { useFormat } from '@/shared/format/use-format'
import { NestedList } from '@/features/record/nested-list'
import { fieldOf, fieldsOf } from '@/features/record/schema'
import { useRecordWords } from '@/features/record/use-record-words'
import { PaymentsCard, type Payment } from './payments-card'
import { ReceiptLines } from './receipt-lines'
import { itemsOf } from './receipt-sums'
import { RefundsCard } from './refunds-card'
import { Totals } from './totals'

/** What the document is about: lines, payments, movements, sums. */
export function DocumentBody({ document }: { document: DocumentRecord }) {
  const { t } = useTranslation('document')
  const words = useRecordWords()
  const { kind, data, references } = document
  if (isPaid(kind)) {
    return (
      <>
        <ReceiptLines receipt={document} />
        <PaymentsCard
          title={words.field('payments')}
          payments={itemsOf(data, 'payments') as Payment[]}
          references={references}
        />
        <RefundsCard refunds={document.refunds ?? []} />
      </>
    )
  }
  return (
    <>
      {kind === 'cash_shift' && (
        <PaymentsCard
          title={t('shift.payments')}
          description={t('shift.payments_text')}
          payments={document.payments ?? []}
          references={references}
        />
      )}
      {fieldsOf(kind)
        .filter(({ type }) => type === 'list')
        .map((field) => (
          <NestedList
            key={field.name}
            kind={kind}
            field={field}
            data={data}
            references={references}
          >
            {field.name === 'lines' && <Sum document={document} />}
          </NestedList>
        ))}
    </>
  )
}

// What is sold and paid for shows how its total adds up.
const isPaid = (kind: string) => !!fieldOf(kind, 'lines') && !!fieldOf(kind, 'payments')

function Sum({ document }: { document: DocumentRecord }) {
  const words = useRecordWords()
  const format = useFormat()
  if (document.total === null) return null
  return (
    <Totals
      rows={[
        {
          key: 'total',
          label: words.field('total', document.kind),
          value: format.money(document.total),
          role: 'sum',
        },
      ]}
    />
  )
}
