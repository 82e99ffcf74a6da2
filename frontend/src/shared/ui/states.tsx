import { Button, Center, Loader, Stack, Text, Title, VisuallyHidden } from '@mantine/core'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { Problem } from '../api/problem'
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
