import { Button, Stack, Text, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { asProblem } from '@/shared/api/problem'
import { Form } from '@/shared/form/form'
import { email } from '@/shared/form/rules'
import { useServerForm } from '@/shared/form/use-server-form'
import { ButtonLink, TextLink } from '@/shared/ui/links'
import { LoadingState, ProblemState } from '@/shared/ui/states'
import { FormTitle } from './form-title'
import { resendVerification, verifyEmail } from './requests'

const route = getRouteApi('/public/verify-email')

/** The page behind the letter's link: confirms at once, and helps on when the link is spent. */
export function VerifyEmailPage() {
  const { t } = useTranslation('account')
  const { token = '' } = route.useSearch()
  // A token works once, so it is sent once: a query by the token neither repeats nor goes stale.
  const confirmation = useQuery({
    queryKey: ['verify-email', token],
    queryFn: async () => {
      await verifyEmail(token)
      return true
    },
    retry: false,
    staleTime: Infinity,
    refetchOnReconnect: false,
  })
  if (confirmation.isPending) return <LoadingState />
  if (confirmation.isSuccess) {
    return (
      <>
        <FormTitle title={t('verify.title')}>{t('verify.text')}</FormTitle>
        <ButtonLink to="/sign-in" fullWidth size="lg">
          {t('sign_in.submit')}
        </ButtonLink>
      </>
    )
  }
  const problem = asProblem(confirmation.error)
  if (problem.transient) {
    return <ProblemState problem={problem} retry={() => void confirmation.refetch()} />
  }
  return <LinkSpent />
}

function LinkSpent() {
  const { t } = useTranslation('account')
  const navigate = useNavigate()
  const state = useServerForm({
    rules: { email },
    initialValues: { email: '' },
    send: async (values) => {
      await resendVerification(values.email.trim())
      await navigate({ to: '/letter-sent', search: { email: values.email.trim() } })
    },
  })
  return (
    <>
      <FormTitle title={t('verify.spent_title')}>{t('verify.spent_text')}</FormTitle>
      <Stack gap="lg">
        <Form state={state}>
          <TextInput
            {...state.field('email')}
            label={t('field.email')}
            type="email"
            autoComplete="email"
          />
          <Button type="submit" loading={state.sending}>
            {t('letter.again')}
          </Button>
        </Form>
        <Text>
          {t('verify.already')} <TextLink to="/sign-in">{t('to_sign_in')}</TextLink>
        </Text>
      </Stack>
    </>
  )
}
