import { Button, Stack, Text } from '@mantine/core'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { asProblem, type Problem } from '@/shared/api/problem'
import { ProblemAlert } from '@/shared/ui/problem-alert'
import { resendVerification } from './requests'

const pauseSeconds = 60

/** Sends the confirmation letter again; a minute must pass between two letters. */
export function ResendButton({ email, wait = false }: { email: string; wait?: boolean }) {
  const { t } = useTranslation('account')
  const [left, setLeft] = useState(wait ? pauseSeconds : 0)
  const [state, setState] = useState<'idle' | 'sending' | 'sent' | Problem>('idle')

  useEffect(() => {
    if (left <= 0) return
    const timer = setTimeout(() => setLeft(left - 1), 1000)
    return () => clearTimeout(timer)
  }, [left])

  const send = async () => {
    setState('sending')
    try {
      await resendVerification(email.trim())
      setState('sent')
      setLeft(pauseSeconds)
    } catch (error) {
      const problem = asProblem(error)
      setState(problem)
      setLeft(problem.retryAfter ?? 0)
    }
  }

  return (
    <Stack gap="xs">
      <Button
        variant="default"
        disabled={left > 0}
        loading={state === 'sending'}
        onClick={() => void send()}
      >
        {left > 0 ? t('letter.again_in', { seconds: left }) : t('letter.again')}
      </Button>
      <Text fz="sm" c="dimmed" role="status">
        {state === 'sent' && t('letter.sent_again')}
      </Text>
      {typeof state === 'object' && <ProblemAlert problem={state} />}
    </Stack>
  )
}
