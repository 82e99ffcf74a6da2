import { Badge } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { RemarkBadge } from '@/features/record/remark-badge'
import { useRecordWords } from '@/features/record/use-record-words'
import type { Remark } from '@/shared/api/types'

type Props = { kind: string; type?: string; status?: string; late?: boolean; remarks?: Remark[] }

/** What sets a document apart: a refund, a cancellation, an open shift. The usual is not said. */
export function DocumentBadges({ kind, type, status, late, remarks }: Props) {
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
      <RemarkBadge remarks={remarks} />
    </>
  )
}

const usual = (kind: string) => (kind === 'receipt' || kind === 'cash_shift' ? 'closed' : 'posted')
