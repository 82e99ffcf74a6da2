import { Alert } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useFormat } from '@/shared/format/use-format'
import { IconInfo } from '@/shared/ui/icons'

/** Says that no further rejections are kept, and what makes room. */
export function FullNote({ most }: { most: number }) {
  const { t } = useTranslation('synchronization')
  const format = useFormat()
  return (
    <Alert icon={<IconInfo />} color="amber" title={t('rejections.full')}>
      {t('rejections.full_text', { most: format.integer(most) })}
    </Alert>
  )
}
