import { Button, Group, Text } from '@mantine/core'
import { useSearch } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../format/use-format'
import { IconArrowLeft, IconChevronRight } from '../ui/icons'
import { useSearchUpdate } from './search'

type Props = { nextCursor?: string; total?: number }

// Cursors lead forward only; this remembers the way back of the pages walked through in this visit.
const cameFrom = new Map<string, string | undefined>()

/** The total and the way through the pages; the page's cursor stands in the URL. */
export function Pager({ nextCursor, total }: Props) {
  const { t } = useTranslation()
  const format = useFormat()
  const update = useSearchUpdate()
  const { cursor } = useSearch({ strict: false }) as { cursor?: string }

  const forward = () => {
    if (!nextCursor) return
    cameFrom.set(nextCursor, cursor)
    update({ cursor: nextCursor })
  }
  const back = () => update({ cursor: cursor && cameFrom.get(cursor) })
  const paged = cursor !== undefined || nextCursor !== undefined

  return (
    <Group justify="space-between" mt="md" gap="sm">
      <Text c="dimmed" fz="sm" aria-live="polite">
        {total !== undefined &&
          t('total_records', { count: total, formatted: format.integer(total) })}
      </Text>
      {paged && (
        <Group component="nav" gap="xs" aria-label={t('pages')}>
          <Button
            size="sm"
            variant="default"
            disabled={!cursor}
            onClick={back}
            leftSection={<IconArrowLeft size={16} />}
          >
            {cursor && !cameFrom.has(cursor) ? t('action.first_page') : t('action.previous')}
          </Button>
          <Button
            size="sm"
            variant="default"
            disabled={!nextCursor}
            onClick={forward}
            rightSection={<IconChevronRight size={16} />}
          >
            {t('action.next')}
          </Button>
        </Group>
      )}
    </Group>
  )
}
