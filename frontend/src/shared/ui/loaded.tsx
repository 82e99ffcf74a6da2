import { SimpleGrid, Skeleton, Stack } from '@mantine/core'
import type { UseQueryResult } from '@tanstack/react-query'
import { createContext, useContext, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { incompleteness } from '../api/freshness'
import { asProblem } from '../api/problem'
import { FreshnessNote } from './freshness-note'
import { LoadingState, ProblemState } from './states'

type LoadedProps<T> = {
  query: UseQueryResult<T>
  children: (data: T) => ReactNode
  /** Shown in place of the content when `isEmpty` holds. */
  empty?: ReactNode
  isEmpty?: (data: T) => boolean
  /** Shown until the first answer, where an outline of what comes is better than dots. */
  loading?: ReactNode
  /** The query decides on the whole page, whose heading comes with the data. */
  page?: boolean
}

// What is loaded within something loaded is as fresh: one mark is enough.
const FreshnessNoted = createContext(false)

/**
 * The one pattern of loading, failed, empty and loaded. Data shown before stays while it is fetched anew.
 * Data that is not complete yet is marked.
 */
export function Loaded<T>({ query, children, empty, isEmpty, loading, page }: LoadedProps<T>) {
  const noted = useContext(FreshnessNoted)
  if (query.data !== undefined) {
    const content = isEmpty?.(query.data) ? empty : children(query.data)
    const freshness = noted ? undefined : incompleteness(query.data)
    return (
      <FreshnessNoted value={noted || !!freshness}>
        {freshness && <FreshnessNote freshness={freshness} />}
        {content}
      </FreshnessNoted>
    )
  }
  if (query.isError) {
    const retry = () => void query.refetch()
    return <ProblemState problem={asProblem(query.error)} retry={retry} page={page} />
  }
  return loading ?? <LoadingState />
}

/** The outline of a table or list that is on its way. */
export function RowsSkeleton({ rows = 8 }: { rows?: number }) {
  const { t } = useTranslation()
  return (
    <Stack gap="md" role="status" aria-label={t('loading')}>
      {Array.from({ length: rows }, (_, index) => (
        <Skeleton key={index} height={22} width={index === 0 ? '40%' : '100%'} radius="sm" />
      ))}
    </Stack>
  )
}

/** The outline of tiles that are on their way. */
export function TilesSkeleton() {
  const { t } = useTranslation()
  return (
    <SimpleGrid
      cols={{ base: 1, xs: 2, lg: 3 }}
      spacing="md"
      role="status"
      aria-label={t('loading')}
    >
      {Array.from({ length: 6 }, (_, index) => (
        <Skeleton key={index} height={88} radius="lg" />
      ))}
    </SimpleGrid>
  )
}
