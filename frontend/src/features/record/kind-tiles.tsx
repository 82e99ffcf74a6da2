import { Group, Paper, SimpleGrid, Text } from '@mantine/core'
import type { LinkProps } from '@tanstack/react-router'
import type { KindCount } from '@/shared/api/types'
import { useFormat } from '@/shared/format/use-format'
import { TextLink } from '@/shared/ui/links'
import classes from './kind-tiles.module.css'
import { inKindOrder } from './schema'
import { useRecordWords } from './use-record-words'

type Props = { counts: KindCount[]; link: (kind: string) => LinkProps }

/** The kinds of records with their counts, each leading to its list. */
export function KindTiles({ counts, link }: Props) {
  const words = useRecordWords()
  const format = useFormat()
  return (
    <SimpleGrid component="ul" cols={{ base: 1, xs: 2, lg: 3 }} spacing="md" m={0} p={0}>
      {inKindOrder(counts).map(({ kind, count }) => (
        <Paper
          key={kind}
          component="li"
          withBorder
          p="md"
          className={classes.tile}
          bd="1px solid var(--interpos-card-border)"
          data-empty={count === 0 || undefined}
        >
          <Group wrap="nowrap" gap={0} align="baseline">
            <TextLink {...link(kind)} className={classes.link} underline="never">
              {words.kind(kind)}
            </TextLink>
            <span className={classes.count}>{format.integer(count)}</span>
          </Group>
          <Text c="dimmed" fz="sm">
            {words.about(kind)}
          </Text>
        </Paper>
      ))}
    </SimpleGrid>
  )
}
