import {
  Button,
  Center,
  Loader,
  SimpleGrid,
  Skeleton,
  Stack,
  Text,
  Title,
  VisuallyHidden,
} from '@mantine/core'
import type { UseQueryResult } from '@tanstack/react-query'
import { createContext, useContext, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { incompleteness } from '../api/freshness'
import { asProblem, type Problem } from '../api/problem'
import { FreshnessNote } from './freshness-note'
import { IconEmpty, IconWarning, type Icon } from './icons'
import { useProblemText } from './use-problem-text'

type MessageProps = {
  icon?: Icon
  title: string
  /** What it means and what to do next. */
  children?: ReactNode
  action?: ReactNode
  /** Stands for the whole page: its title is then the page's heading. */
  page?: boolean
}

/** Nothing is here: says why, and what to do next. */
export function EmptyState({
  icon: Icon = IconEmpty,
  title,
  children,
  action,
  page,
}: MessageProps) {
  return (
    <Center py={48} px="md">
      <Stack align="center" gap="xs" maw={440} ta="center">
        <Icon size={36} color="var(--mantine-color-dimmed)" />
        <Title order={page ? 1 : 2} tabIndex={page ? -1 : undefined} fz="lg">
          {title}
        </Title>
        {children && (
          <Text c="dimmed" component="div">
            {children}
          </Text>
        )}
        {action}
      </Stack>
    </Center>
  )
}

/** Something is on its way. */
export function LoadingState() {
  const { t } = useTranslation()
  return (
    <Center py={64} role="status">
      <Loader type="dots" aria-hidden />
      <VisuallyHidden>{t('loading')}</VisuallyHidden>
    </Center>
  )
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

type ProblemProps = { problem: Problem; retry?: () => void; page?: boolean }

/** A request failed: says what happened and what to do, with a repetition where it can help. */
export function ProblemState({ problem, retry, page }: ProblemProps) {
  const { t } = useTranslation()
  const { title, advice, reference } = useProblemText(problem)
  return (
    <div role="alert">
      <EmptyState
        icon={IconWarning}
        page={page}
        title={title}
        action={
          retry && (
            <Button variant="default" mt="sm" onClick={retry}>
              {t('action.retry')}
            </Button>
          )
        }
      >
        <Text>{advice}</Text>
        {reference && (
          <Text fz="sm" mt="xs">
            {reference}
          </Text>
        )}
      </EmptyState>
    </div>
  )
}

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
