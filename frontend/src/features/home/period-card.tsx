import { Box, Group, SimpleGrid, Stack, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useCan } from '@/model/use-access'
import type { Period } from '@/shared/api/types'
import type { Day } from '@/shared/format/day'
import { useFormat } from '@/shared/format/use-format'
import { Card } from '@/shared/ui/card'
import { Explained } from '@/shared/ui/explained'
import { OrganizationLink } from '@/shared/ui/links'
import { growth } from './growth'

type Measure = 'net_sales' | 'receipts' | 'average_check'
type Props = {
  title: string
  /** Names the period before, up to the same time of day. */
  compared: string
  /** The period's first and last business day. */
  from: Day
  to: Day
  figures: Period
}

/** Net sales in large, receipts and average check below, each against the period before. */
export function PeriodCard({ title, compared, from, to, figures }: Props) {
  const { t } = useTranslation('home')
  const mayOpen = useCan('documents')
  const figure = (measure: Measure) => (
    <Figure
      measure={measure}
      compared={compared}
      value={figures[measure]}
      previous={figures.previous[measure]}
    />
  )
  return (
    <Card
      title={title}
      actions={
        mayOpen && (
          <OrganizationLink
            to="/o/$organizationId/documents/$kind"
            params={{ kind: 'receipt' }}
            search={{ from, to }}
            fz="sm"
          >
            {t('open_receipts')}
          </OrganizationLink>
        )
      }
    >
      <Stack gap="lg">
        {figure('net_sales')}
        <SimpleGrid cols={2} spacing="md">
          {figure('receipts')}
          {figure('average_check')}
        </SimpleGrid>
      </Stack>
    </Card>
  )
}

type FigureProps = {
  measure: Measure
  compared: string
  value?: number | null
  previous?: number | null
}

function Figure({ measure, compared, value, previous }: FigureProps) {
  const { t } = useTranslation('home')
  const format = useFormat()
  const write = measure === 'receipts' ? format.integer : format.money
  const large = measure === 'net_sales'
  const name = t(`measure.${measure}`)
  const difference = <Growth value={growth(value, previous)} />
  return (
    <Box>
      <Text c="dimmed" fz="sm">
        {name}
      </Text>
      <Group gap={large ? 'sm' : 0} align="baseline">
        <Explained
          label={t('explain', { name, value: write(value) })}
          fz={large ? { base: '2rem', sm: '2.5rem' } : '1.375rem'}
          fw={large ? 640 : 600}
          lh={1.25}
          explanation={
            <Stack gap={6}>
              <Text fz="sm">{t(`formula.${measure}`)}</Text>
              <Text fz="sm" c="dimmed">
                {t('compared_with', { period: compared, value: write(previous) })}
              </Text>
            </Stack>
          }
        >
          <span className="numeric">{write(value)}</span>
        </Explained>
        {large && difference}
      </Group>
      {!large && difference}
    </Box>
  )
}

function Growth({ value }: { value: number | null }) {
  const { t } = useTranslation('home')
  const format = useFormat()
  if (value === null) {
    return (
      <Text fz="sm" c="dimmed">
        {t('nothing_before')}
      </Text>
    )
  }
  const color = value > 0 ? 'var(--interpos-good)' : value < 0 ? 'var(--interpos-bad)' : 'dimmed'
  return (
    <Text fz="sm" fw={600} c={color} className="numeric">
      {format.growth(value)}
    </Text>
  )
}
