import { Code, Group } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useFormat } from '@/shared/format/use-format'
import { Card } from '@/shared/ui/card'
import { CopyIcon } from '@/shared/ui/copy'
import { Fact, Facts } from './facts'
import { useRecordWords } from './use-record-words'

type Record = {
  id: string
  version: number
  seq: number
  modified_at: string
  received_at: string
  device_id: string
  device_name: string
}

/** How the record came: identifier, version, times, device. */
export function TechnicalCard({ record }: { record: Record }) {
  const { t } = useTranslation('record')
  const words = useRecordWords()
  const format = useFormat()
  return (
    <Card title={t('technical.title')}>
      <Facts>
        <Fact label={words.field('id')} wide>
          <Group gap={4} wrap="nowrap">
            <Code>{record.id}</Code>
            <CopyIcon value={record.id} label={t('technical.copy_id')} />
          </Group>
        </Fact>
        <Fact label={t('technical.version')}>{format.integer(record.version)}</Fact>
        <Fact label={t('technical.seq')}>{format.integer(record.seq)}</Fact>
        <Fact label={t('technical.modified')}>{format.dateTimeExact(record.modified_at)}</Fact>
        <Fact label={t('technical.received')}>{format.dateTimeExact(record.received_at)}</Fact>
        <Fact label={t('technical.device')}>
          {record.device_name || t('technical.device_unknown')}
        </Fact>
      </Facts>
    </Card>
  )
}
