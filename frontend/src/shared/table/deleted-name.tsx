import { Text, VisuallyHidden } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { ReactNode } from 'react'

type Props = { deleted?: boolean; children: ReactNode }

/** A record's name; one that is deleted is crossed out, with a word for who can't see that. */
export function DeletedName({ deleted, children }: Props) {
  const { t } = useTranslation()
  if (!deleted) return children
  return (
    <Text component="span" inherit c="dimmed" td="line-through" title={t('deleted')}>
      {children} <VisuallyHidden component="span">({t('deleted')})</VisuallyHidden>
    </Text>
  )
}
