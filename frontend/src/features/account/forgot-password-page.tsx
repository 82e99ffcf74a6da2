import { Alert, Button, Stack, TextInput } from '@mantine/core'
import { getRouteApi } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Form } from '@/shared/form/form'
import { email } from '@/shared/form/rules'
import { useServerForm } from '@/shared/form/use-server-form'
import { IconMail } from '@/shared/ui/icons'
import { TextLink } from '@/shared/ui/links'
import { FormTitle } from './form-title'
import { forgotPassword } from './requests'

const route = getRouteApi('/public/forgot-password')

/** «Сброс пароля»: asks for the address and sends the letter. */
export function ForgotPasswordPage() {
  const { t } = useTranslation('account')
  const { email: address = '' } = route.useSearch()
  const [sentTo, setSentTo] = useState<string | null>(null)
  const state = useServerForm({
    rules: { email },
    initialValues: { email: address },
    send: async (values) => {
      await forgotPassword(values.email.trim())
      setSentTo(values.email.trim())
    },
  })
  return (
    <>
      <FormTitle title={t('forgot.title')}>{t('forgot.text')}</FormTitle>
      <Stack gap="lg">
        {sentTo ? (
          <Alert color="spruce" icon={<IconMail />} role="status" title={t('forgot.sent_title')}>
            {t('forgot.sent_text', { email: sentTo })}
          </Alert>
        ) : (
          <Form state={state}>
            <TextInput
              {...state.field('email')}
              label={t('field.email')}
              type="email"
              autoComplete="email"
              inputMode="email"
            />
            <Button type="submit" loading={state.sending} fullWidth size="lg">
              {t('forgot.submit')}
            </Button>
          </Form>
        )}
        <TextLink to="/sign-in">{t('to_sign_in')}</TextLink>
      </Stack>
    </>
  )
}
