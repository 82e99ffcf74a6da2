import { Alert, List, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Remark } from '@/shared/api/types'
import { useFormat } from '@/shared/format/use-format'
import { IconInfo } from '@/shared/ui/icons'
import { useRecordWords } from './use-record-words'

/** What does not add up in a record, or is missing, in plain words. */
export function RemarksNote({ kind, remarks = [] }: { kind: string; remarks?: Remark[] }) {
  const { t } = useTranslation('record')
  const say = useRemarkWords()
  if (remarks.length === 0) return null
  return (
    <Alert icon={<IconInfo />} color="amber" title={t('remark.title')}>
      <List spacing={4} mb="xs">
        {remarks.map((remark) => (
          <List.Item key={`${remark.code} ${remark.path}`}>{say(remark, kind)}</List.Item>
        ))}
      </List>
      <Text fz="sm" c="dimmed">
        {t('remark.text')}
      </Text>
    </Alert>
  )
}

/** Says a remark as a sentence, with what was expected and what was given. */
export function useRemarkWords() {
  const { t, i18n } = useTranslation('record')
  const words = useRecordWords()
  const format = useFormat()
  const write = (value: string) => (isNumber(value) ? format.quantity(Number(value)) : value)
  return ({ code, path, expected, given }: Remark, kind: string): string => {
    const values = { field: words.path(path, kind), expected: write(expected), given: write(given) }
    return i18n.exists(`record:remark.said.${code}`) ? t(`remark.said.${code}`, values) : code
  }
}

const isNumber = (value: string) => /^-?\d+(\.\d+)?$/.test(value)
