import { useTranslation } from 'react-i18next'
import type { DocumentRecord } from '@/shared/api/types'
import { useFormat } from '@/shared/format/use-format'
import { Fact, Facts, FieldFacts } from '@/features/record/facts'
import { fieldOf, fieldsOf } from '@/features/record/schema'
import { useRecordWords } from '@/features/record/use-record-words'
import { Card } from '@/shared/ui/card'

const inHeading = ['number', 'occurred_at']
const inSums = ['discount_total', 'service_charge', 'tax_total', 'tip', 'rounding', 'total']

/** The document's own facts: when, where, who. */
export function DocumentFacts({ document }: { document: DocumentRecord }) {
  const { t } = useTranslation('record')
  const words = useRecordWords()
  const format = useFormat()
  const { kind, data, references, business_day } = document
  const hidden = fieldOf(kind, 'lines') ? [...inHeading, ...inSums] : inHeading
  return (
    <Card title={t('facts')}>
      <Facts>
        <Fact label={words.field('business_day')}>{format.day(business_day)}</Fact>
        <FieldFacts
          kind={kind}
          fields={fieldsOf(kind).filter(({ name }) => !hidden.includes(name))}
          data={data}
          references={references}
        />
      </Facts>
    </Card>
  )
}
