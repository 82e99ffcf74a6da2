import { Text, Tooltip } from '@mantine/core'
import { useContext } from 'react'
import { useTranslation } from 'react-i18next'
import { dash } from '../format/format'
import { DeletedName } from './deleted-name'
import { DeletedReferences } from './deleted-references'

/** Names by record id, as lists and records answer them beside their items. */
export type References = Record<string, string>

/** The name behind an id, marked where its record is deleted; the id itself until that has arrived. */
export function Reference({ id, references }: { id?: string | null; references?: References }) {
  const { t } = useTranslation()
  const deleted = useContext(DeletedReferences)
  if (!id) return dash
  const name = references?.[id]
  if (name) return <DeletedName deleted={deleted?.includes(id)}>{name}</DeletedName>
  return (
    <Tooltip label={t('reference_missing')} multiline maw={260}>
      <Text component="span" ff="monospace" fz="sm" c="dimmed">
        {id.slice(0, 8)}
      </Text>
    </Tooltip>
  )
}
