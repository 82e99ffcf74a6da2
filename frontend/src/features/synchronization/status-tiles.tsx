import { Paper, SimpleGrid, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { SyncStatus } from '@/shared/api/types'
import { useFormat } from '@/shared/format/use-format'
import { useNow } from '@/shared/format/use-now'
import classes from './status-tiles.module.css'

/** The state in five figures. */
export function StatusTiles({ status }: { status: SyncStatus }) {
  const { t } = useTranslation('synchronization')
  const format = useFormat()
  const now = useNow()
  const moment = (at: string | null) =>
    at ? { value: format.relative(at, now), note: format.dateTimeShort(at) } : { value: t('never') }
  return (
    <SimpleGrid cols={{ base: 2, sm: 3, lg: 5 }} spacing="sm" className={classes.tiles}>
      <Tile name={t('tile.last_contact')} {...moment(status.last_contact_at)} />
      <Tile name={t('tile.last_push')} {...moment(status.last_push_at)} />
      <Tile name={t('tile.devices')} value={format.integer(status.devices)} />
      <Tile
        name={t('tile.rejections')}
        value={format.integer(status.rejections)}
        bad={status.rejections > 0}
        note={status.rejections > 0 ? t('tile.rejections_bad') : t('tile.rejections_good')}
      />
      <Tile name={t('tile.head')} value={format.integer(status.head)} note={t('tile.head_text')} />
    </SimpleGrid>
  )
}

type TileProps = { name: string; value: ReactNode; note?: string; bad?: boolean }

function Tile({ name, value, note, bad }: TileProps) {
  return (
    <Paper withBorder bd="1px solid var(--interpos-card-border)" px="md" py="sm">
      <Text c="dimmed" fz="sm">
        {name}
      </Text>
      <Text
        fz="1.1875rem"
        fw={620}
        lh={1.35}
        className="numeric"
        c={bad ? 'var(--interpos-bad)' : undefined}
      >
        {value}
      </Text>
      {note && (
        <Text c="dimmed" fz="sm">
          {note}
        </Text>
      )}
    </Paper>
  )
}
