import { Alert, Stack, Text } from '@mantine/core'
import type { FormEvent, ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { IconWarning } from '../ui/icons'
import { useProblemText } from '../ui/use-problem-text'
import type { Problem } from '../api/problem'

type Props = {
  state: { onSubmit: (event: FormEvent<HTMLFormElement>) => void; problem: Problem | null }
  children: ReactNode
}

/** A form of useServerForm: what is wrong with the whole stands above its fields. */
export function Form({ state, children }: Props) {
  return (
    <form onSubmit={state.onSubmit} noValidate>
      <Stack gap="md">
        {state.problem && <ProblemAlert problem={state.problem} />}
        {children}
      </Stack>
    </form>
  )
}

/** Says what the asterisks mean. */
export function RequiredNote() {
  const { t } = useTranslation()
  return (
    <Text fz="sm" c="dimmed">
      {t('required_note')}
    </Text>
  )
}

/** A problem in a box: what happened, what to do next. */
export function ProblemAlert({ problem }: { problem: Problem }) {
  const { title, advice, reference } = useProblemText(problem)
  return (
    <Alert color="red" role="alert" icon={<IconWarning />} title={title}>
      <Text>{advice}</Text>
      {problem.errors.map((error) => (
        <Text key={error.field} fz="sm" ff="monospace">
          {`${error.field}: ${error.message}`}
        </Text>
      ))}
      {reference && <Text fz="sm">{reference}</Text>}
    </Alert>
  )
}
