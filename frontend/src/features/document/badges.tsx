import { Badge } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useRecordWords } from '@/features/record/use-record-words'

type Props = { kind: string; type?: string; status?: string; late?: boolean }

/** What sets a document apart: a refund, a cancellation, an open shift. The usual is not said. */
export function DocumentBadges({ kind, type, status, late }: Props) {
  const words = useRecordWords()
  const { t } = useTranslation('document')
  return (
    <>
      {type === 'refund' && (
        <Badge component="span" color="amber" variant="light" tt="none">
          {words.word('type', type)}
        </Badge>
      )}
      {status && status !== usual(kind) && (
        <Badge
          component="span"
          color={status === 'cancelled' ? 'red' : 'spruce'}
          variant="light"
          tt="none"
        >
          {words.word('status', status, kind)}
        </Badge>
      )}
      {late && (
        <Badge component="span" color="gray" variant="light" tt="none" title={t('late.text')}>
          {t('late.badge')}
        </Badge>
      )}
    </>
  )
}

const usual = (kind: string) => (kind === 'receipt' || kind === 'cash_shift' ? 'closed' : 'posted')
