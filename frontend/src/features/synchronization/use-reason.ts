import { useTranslation } from 'react-i18next'
import type { Rejection } from '@/shared/api/types'
import { useRecordWords } from '@/features/record/use-record-words'

type RuleError = Rejection['errors'][number]

/** Writes a broken rule in plain words: the field by its label, the rule by its code, else as the server says it. */
export function useReason() {
  const { t, i18n } = useTranslation('synchronization')
  const words = useRecordWords()
  return ({ field, code, message }: RuleError, kind: string): string => {
    const known = i18n.exists(`synchronization:reason.${code}`)
    const rule = known ? t(`reason.${code as 'required'}`) : message
    const path = words.path(field, kind)
    return path && !aboutWhole.has(code) ? t('reason_of_field', { field: path, rule }) : rule
  }
}

// These rules are about the record, not about the field that they are reported at.
const aboutWhole = new Set(['unknown_kind', 'clock_ahead', 'malformed', 'record_too_large'])
