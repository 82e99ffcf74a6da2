import { Button, PasswordInput } from '@mantine/core'
import { getRouteApi } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Form } from '@/shared/form/form'
import { newPassword } from '@/shared/form/rules'
import { useServerForm } from '@/shared/form/use-server-form'
import { endSessionEverywhere } from '@/shared/api/session'
import { ButtonLink } from '@/shared/ui/links'
import { FormTitle } from './form-title'
import { resetPassword } from './requests'

const route = getRouteApi('/public/reset-password')

/** The page behind the letter's link: a new password, or a new letter when the link is spent. */
export function ResetPasswordPage() {
  const { t } = useTranslation('account')
  const { token = '' } = route.useSearch()
  const [done, setDone] = useState(false)
  const state = useServerForm({
    rules: { password: newPassword },
    initialValues: { password: '' },
    send: async ({ password }) => {
      await resetPassword({ token, password })
      endSessionEverywhere()
      setDone(true)
    },
  })
  if (done) {
    return (
      <>
        <FormTitle title={t('reset.done_title')}>{t('reset.done_text')}</FormTitle>
        <ButtonLink to="/sign-in" fullWidth size="lg">
          {t('sign_in.submit')}
        </ButtonLink>
      </>
    )
  }
  if (!token || state.problem?.code === 'token_invalid') {
    return (
      <>
        <FormTitle title={t('reset.spent_title')}>{t('reset.spent_text')}</FormTitle>
        <ButtonLink to="/forgot-password" fullWidth size="lg">
          {t('reset.again')}
        </ButtonLink>
      </>
    )
  }
  return (
    <>
      <FormTitle title={t('reset.title')}>{t('reset.text')}</FormTitle>
      <Form state={state}>
        <PasswordInput
          {...state.field('password')}
          label={t('reset.password')}
          description={t('register.password_note')}
          autoComplete="new-password"
          withAsterisk
          required
        />
        <Button type="submit" loading={state.sending} fullWidth size="lg">
          {t('reset.submit')}
        </Button>
      </Form>
    </>
  )
}
