import { Alert } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Freshness } from '../api/types'
import { useFormat } from '../format/use-format'
import { IconInfo } from './icons'

/** Says that more is on its way than is shown, and up to when what is shown goes. */
export function FreshnessNote({ freshness }: { freshness: Freshness }) {
  const { t } = useTranslation()
  const format = useFormat()
  const pending = { count: freshness.pending, formatted: format.integer(freshness.pending) }
  return (
    <Alert icon={<IconInfo />} color="amber" mb="md" role="status">
      {freshness.rebuilding
        ? t('freshness.rebuilding', pending)
        : freshness.as_of
          ? t('freshness.as_of', { ...pending, time: format.dateTimeShort(freshness.as_of) })
          : t('freshness.nothing_yet', pending)}
    </Alert>
  )
}
