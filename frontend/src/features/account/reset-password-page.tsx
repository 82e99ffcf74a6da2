import { useNavigate } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { asProblem } from '@/shared/api/problem'
import { replaceSession } from '@/shared/api/session'
import { ButtonLink } from '@/shared/ui/links'
import { LoadingState, ProblemState } from '@/shared/ui/states'
import { FormTitle } from './form-title'
import { PasswordByLetter } from './password-by-letter'
import { resetPassword } from './requests'
import { useLetter } from './use-letter'

/** The page behind the letter's link: a new password, or a new letter when the link is spent. */
export function ResetPasswordPage() {
  const { t } = useTranslation('account')
  const navigate = useNavigate()
  const { token, query } = useLetter()
  if (token && query.isPending) return <LoadingState />
  const problem = query.isError ? asProblem(query.error) : null
  if (problem?.transient) {
    return <ProblemState problem={problem} retry={() => void query.refetch()} />
  }
  if (!query.data?.usable) {
    return (
      <>
        <FormTitle title={t('reset.spent_title')}>{t('reset.spent_text')}</FormTitle>
        <ButtonLink to="/forgot-password" fullWidth size="lg">
          {t('reset.again')}
        </ButtonLink>
      </>
    )
  }
  const reset = async (password: string) => {
    const granted = await resetPassword({ token, password })
    replaceSession(granted)
    await navigate({
      to: '/after-reset',
      state: { sessionsEnded: granted.sessions_ended },
      replace: true,
    })
  }
  return (
    <>
      <FormTitle title={t('reset.title')}>{t('reset.text')}</FormTitle>
      <PasswordByLetter
        email={query.data.email}
        label={t('reset.password')}
        submit={t('reset.submit')}
        send={reset}
      />
    </>
  )
}
