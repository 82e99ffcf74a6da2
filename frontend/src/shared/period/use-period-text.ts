import { useTranslation } from 'react-i18next'
import { useFormat } from '../format/use-format'
import type { Period, QuickPeriod } from './period'

/** Writes a period: its name, or its days. */
export function usePeriodText() {
  const { t } = useTranslation('filter')
  const format = useFormat()
  return ({ name, from, to }: Period & { name?: QuickPeriod }): string => {
    if (name) return t(`period.${name}`)
    if (from && to) return format.dayRange(from, to)
    if (from) return t('period.since', { day: format.day(from) })
    return t('period.until', { day: format.day(to) })
  }
}
