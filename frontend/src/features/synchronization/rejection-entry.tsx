import { Box, Button, Code, Group, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useCan } from '@/model/use-access'
import type { RecordData, Rejection } from '@/shared/api/types'
import { useFormat } from '@/shared/format/use-format'
import { useNow } from '@/shared/format/use-now'
import { useRecordWords } from '@/features/record/use-record-words'
import classes from './rejections.module.css'
import { useReason } from './use-reason'

type Props = { rejection: Rejection; dismiss: () => void }

/** One rejected record: what it is, what is wrong with it, who sent it and how often, and its data as sent. */
export function RejectionEntry({ rejection, dismiss }: Props) {
  const { t } = useTranslation('synchronization')
  const words = useRecordWords()
  const format = useFormat()
  const now = useNow()
  const reason = useReason()
  const mayDismiss = useCan('sync', 'edit')
  const { kind, id, errors, device_name, attempts, last_rejected_at, data } = rejection
  return (
    <li className={classes.entry}>
      <Group justify="space-between" align="flex-start" wrap="nowrap" gap="md">
        <Box miw={0}>
          <Text fw={600}>{[words.one(kind), nameOf(rejection)].filter(Boolean).join(' · ')}</Text>
          <ul className={classes.reasons}>
            {errors.map((error, index) => (
              <li key={index}>{reason(error, kind)}</li>
            ))}
          </ul>
        </Box>
        {mayDismiss && (
          <Button
            flex="none"
            size="sm"
            variant="default"
            onClick={dismiss}
            aria-label={t('rejections.dismiss_record', { kind: words.one(kind), id })}
          >
            {t('rejections.dismiss')}
          </Button>
        )}
      </Group>
      <Text c="dimmed" fz="sm" mt={4}>
        {[
          device_name || t('rejections.unknown_device'),
          format.relative(last_rejected_at, now),
          t('rejections.attempts', { count: attempts }),
        ].join(' · ')}
      </Text>
      <details className={classes.details}>
        <summary>{t('rejections.data')}</summary>
        <Text fz="sm" c="dimmed" mt="xs">
          {t('rejections.facts', {
            id,
            first: format.dateTime(rejection.first_rejected_at),
            modified: format.dateTime(rejection.modified_at),
          })}
        </Text>
        <Code block mt="xs" className={classes.data} tabIndex={0}>
          {JSON.stringify(data, null, 2)}
        </Code>
      </details>
    </li>
  )
}

// What people know the record by: its number or name, else its identifier.
function nameOf({ data, id }: Rejection): string {
  const { number, name } = (data ?? {}) as RecordData
  const known = [number, name].find((text) => typeof text === 'string' && text !== '')
  return typeof known === 'string' ? known : id
}
