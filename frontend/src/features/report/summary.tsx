import { Paper, SimpleGrid, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useFormat } from '@/shared/format/use-format'
import { Explained } from '@/shared/ui/explained'
import classes from './summary.module.css'
import { writeMeasure, type Measure } from './measures'

type Totals<M extends Measure> = Record<M, number | null> & { cost_share: number | null }
type Props<M extends Measure> = { measures: readonly M[]; totals: Totals<M> }

/** The period's main figures, each with its formula. */
export function Summary<M extends Measure>({ measures, totals }: Props<M>) {
  const { t } = useTranslation('report')
  const format = useFormat()
  return (
    <SimpleGrid
      cols={{ base: 2, sm: 3, md: measures.length }}
      spacing="sm"
      mb="md"
      className={classes.tiles}
    >
      {measures.map((measure) => {
        const name = t(`measure.${measure as Measure}`)
        const value = writeMeasure(measure, format, 'alone')(totals[measure])
        return (
          <Paper
            key={measure}
            withBorder
            bd="1px solid var(--interpos-card-border)"
            px="md"
            py="sm"
          >
            <Text c="dimmed" fz="sm" truncate>
              {name}
            </Text>
            <Explained
              label={t('explain', { name, value })}
              explanation={t(`formula.${measure as Measure}`)}
              fz={{ base: '1.0625rem', sm: '1.25rem' }}
              fw={620}
            >
              <span className="numeric">{value}</span>
            </Explained>
            {measure === 'margin' && <CostNote share={totals.cost_share} />}
          </Paper>
        )
      })}
    </SimpleGrid>
  )
}

/** Of how much of the sales the margin tells, where that is not all. */
function CostNote({ share }: { share: number | null }) {
  const { t } = useTranslation('report')
  const format = useFormat()
  if (share === null || share === 1) return null
  return (
    <Text c="dimmed" fz="xs">
      {t('cost_of', { share: format.percent(share) })}
    </Text>
  )
}
