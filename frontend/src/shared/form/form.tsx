import { Stack, Text } from '@mantine/core'
import type { FormEvent, ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { Problem } from '../api/problem'
import { ProblemAlert } from '../ui/problem-alert'

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
