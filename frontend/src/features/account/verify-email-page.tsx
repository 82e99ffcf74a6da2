import { Button, Stack, Text, TextInput } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { asProblem } from '@/shared/api/problem'
import { replaceSession } from '@/shared/api/session'
import { Form } from '@/shared/form/form'
import { email } from '@/shared/form/rules'
import { useServerForm } from '@/shared/form/use-server-form'
import { ButtonLink, TextLink } from '@/shared/ui/links'
import { LoadingState, ProblemState } from '@/shared/ui/states'
import { FormTitle } from './form-title'
import { PasswordByLetter } from './password-by-letter'
import { resendVerification, verifyEmail } from './requests'
import { useLetter } from './use-letter'

/** The page behind the letter's link: whoever holds the letter sets the password, and is in. Helps on when the link is spent. */
export function VerifyEmailPage() {
  const { t, i18n } = useTranslation('account')
  const navigate = useNavigate()
  const { token, query } = useLetter()
  if (!token) return <LinkSpent />
  if (query.isPending) return <LoadingState />
  if (query.isError) {
    const problem = asProblem(query.error)
    if (!problem.transient) return <LinkSpent />
    return <ProblemState problem={problem} retry={() => void query.refetch()} />
  }
  const letter = query.data
  if (letter.email_verified) return <Confirmed email={letter.email} />
  if (!letter.usable) return <LinkSpent email={letter.email} />
  const confirm = async (password: string) => {
    const locale = i18n.language === 'ru' ? 'ru' : 'en'
    replaceSession(await verifyEmail({ token, password, locale }))
    await navigate({ to: '/', replace: true })
  }
  return (
    <>
      <FormTitle title={t('verify.title')}>{t('verify.text')}</FormTitle>
      <PasswordByLetter
        email={letter.email}
        label={t('field.password')}
        submit={t('verify.submit')}
        send={confirm}
      />
    </>
  )
}

function Confirmed({ email }: { email: string }) {
  const { t } = useTranslation('account')
  return (
    <>
      <FormTitle title={t('verify.done_title')}>{t('verify.done_text')}</FormTitle>
      <ButtonLink to="/sign-in" search={{ email }} fullWidth size="lg">
        {t('sign_in.submit')}
      </ButtonLink>
    </>
  )
}

function LinkSpent({ email: address = '' }: { email?: string }) {
  const { t } = useTranslation('account')
  const navigate = useNavigate()
  const state = useServerForm({
    rules: { email },
    initialValues: { email: address },
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
