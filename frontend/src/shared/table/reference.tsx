import { Text, Tooltip } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { dash } from '../format/format'

/** Names by record id, as lists and records answer them beside their items. */
export type References = Record<string, string>

/** The name behind an id; the id itself until its record has arrived. */
export function Reference({ id, references }: { id?: string | null; references?: References }) {
  const { t } = useTranslation()
  if (!id) return dash
  const name = references?.[id]
  if (name) return name
  return (
    <Tooltip label={t('reference_missing')} multiline maw={260}>
      <Text component="span" ff="monospace" fz="sm" c="dimmed">
        {id.slice(0, 8)}
      </Text>
    </Tooltip>
  )
}
