import { Group, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useFormat } from '@/shared/format/use-format'
import { useRecordWords } from '@/features/record/use-record-words'
import { Explained } from '@/shared/ui/explained'
import { hasTotal } from './columns'

type Props = { kind: string; count: number; sum: number }

/** How many documents the whole list has and what they come to, on all pages. */
export function TotalsLine({ kind, count, sum }: Props) {
  const { t } = useTranslation('document')
  const words = useRecordWords()
  const format = useFormat()
  const name = words.field('total', kind)
  return (
    <Group gap="4px 24px" mb="xs" aria-live="polite">
      <Text c="dimmed">{t('list.count', { count, formatted: format.integer(count) })}</Text>
      {hasTotal(kind) && (
        <Text c="dimmed" component="div">
          {`${name}: `}
          <Explained
            label={`${name}: ${format.money(sum)}`}
            explanation={kind === 'receipt' ? t('list.receipt_sum') : t('list.sum')}
            fw={650}
            c="var(--mantine-color-text)"
          >
            <span className="numeric">{format.money(sum)}</span>
          </Explained>
        </Text>
      )}
    </Group>
  )
}
