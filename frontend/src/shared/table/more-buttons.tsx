import { Button, Group } from '@mantine/core'
import { useTranslation } from 'react-i18next'

type Props = { cursor?: string; next?: string; show: (cursor?: string) => void }

/** The way through pages of the newest first, of which there are few: on, or back to the newest. */
export function MoreButtons({ cursor, next, show }: Props) {
  const { t } = useTranslation()
  if (!cursor && !next) return null
  return (
    <Group component="nav" gap="xs" mt="md" justify="flex-end" aria-label={t('pages')}>
      <Button size="sm" variant="default" disabled={!cursor} onClick={() => show(undefined)}>
        {t('action.first_page')}
      </Button>
      <Button size="sm" variant="default" disabled={!next} onClick={() => show(next)}>
        {t('action.next')}
      </Button>
    </Group>
  )
}
