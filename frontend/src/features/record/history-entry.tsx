import { Code, Group, Text } from '@mantine/core'
import { Fragment } from 'react'
import { useTranslation } from 'react-i18next'
import type { RecordVersion } from '@/shared/api/types'
import { useFormat } from '@/shared/format/use-format'
import type { References } from '@/shared/table/reference'
import { CopyIcon } from '@/shared/ui/copy'
import { Fact, Facts } from './facts'
import classes from './history-card.module.css'
import { useDifferenceWords, type FieldChange } from './use-difference-words'

type Props = { kind: string; version: RecordVersion; references: References }

/** One version: what happened, when, from which device, what it changed, and how it is chained to those before. */
export function HistoryEntry({ kind, version, references }: Props) {
  const { t } = useTranslation('record')
  const format = useFormat()
  const { event, modified_at, device_name } = version
  return (
    <li className={classes.version} data-event={event}>
      <Text component="h3" fw={600} fz="md">
        {t(`history.event.${event}`)}
      </Text>
      <Text c="dimmed" fz="sm">
        {[format.dateTime(modified_at), device_name || t('technical.device_unknown')].join(' · ')}
      </Text>
      <Changes kind={kind} version={version} references={references} />
      <Details version={version} />
    </li>
  )
}

function Changes({ kind, version, references }: Props) {
  const { t } = useTranslation('record')
  const write = useDifferenceWords()
  const { event, differences } = version
  if (event === 'unknown') return <Text mt={4}>{t('history.unknown')}</Text>
  if (event === 'restored' && !differences.length) return <Text mt={4}>{t('history.same')}</Text>
  if (!differences.length) return null
  return (
    <ul className={classes.changes}>
      {write(kind, version, references).map(({ item, changes }) =>
        item ? (
          <li key={item}>
            {item}:{' '}
            {changes.map((change, index) => (
              <Fragment key={index}>
                {index > 0 && '; '}
                <Change {...change} joint=" " />
              </Fragment>
            ))}
          </li>
        ) : (
          changes.map((change, index) => (
            <li key={index}>
              <Change {...change} joint=": " />
            </li>
          ))
        ),
      )}
    </ul>
  )
}

function Change({ text, before, after, joint }: FieldChange & { joint: string }) {
  if (before === undefined) return text
  return (
    <>
      {text}
      {joint}
      <del>{before}</del> → <ins>{after}</ins>
    </>
  )
}

function Details({ version: { version, seq, received_at, chain } }: { version: RecordVersion }) {
  const { t } = useTranslation('record')
  const format = useFormat()
  return (
    <details className={classes.details}>
      <summary>{t('history.details')}</summary>
      <Facts>
        <Fact label={t('technical.version')}>{format.integer(version)}</Fact>
        <Fact label={t('technical.seq')}>{format.integer(seq)}</Fact>
        <Fact label={t('technical.received')}>{format.dateTimeExact(received_at)}</Fact>
        <Fact label={t('history.chain')}>
          <Group gap={4} wrap="nowrap">
            <Code>{chain.slice(0, 12)}…</Code>
            <CopyIcon value={chain} label={t('history.copy_chain', { version })} />
          </Group>
        </Fact>
      </Facts>
      <Text c="dimmed" fz="sm" mt="xs">
        {t('history.chain_text')}
      </Text>
    </details>
  )
}
