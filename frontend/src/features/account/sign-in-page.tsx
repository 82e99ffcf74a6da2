import { Button, Group, PasswordInput, Stack, Text, TextInput } from '@mantine/core'
import { getRouteApi } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { Form } from '@/shared/form/form'
import { email, requiredText } from '@/shared/form/rules'
import { useServerForm } from '@/shared/form/use-server-form'
import { beginSession } from '@/shared/api/session'
import { TextLink } from '@/shared/ui/links'
import { FormTitle } from './form-title'
import { ResendButton } from './resend-button'
import { signIn } from './requests'

const route = getRouteApi('/public/sign-in')

const rules = { email: email, password: requiredText() }

/** Figure 1: «Вход в личный кабинет». The route leads on to the address asked for once the session begins. */
export function SignInPage() {
  const { t } = useTranslation('account')
  const state = useServerForm({
    rules,
    initialValues: { email: route.useSearch().email ?? '', password: '' },
    send: async (values) => beginSession(await signIn({ ...values, email: values.email.trim() })),
  })
  return (
    <>
      <FormTitle title={t('sign_in.title')} />
      <Form state={state}>
        {state.problem?.code === 'email_not_verified' && (
          <ResendButton email={state.values.email} />
        )}
        {state.problem?.code === 'rate_limited' && (
          <Stack gap="xs">
            <Text>{t('sign_in.throttled')}</Text>
            <TextLink to="/forgot-password">{t('sign_in.by_letter')}</TextLink>
          </Stack>
        )}
        <TextInput
          {...state.field('email')}
          label={t('field.email')}
          type="email"
          autoComplete="username"
          inputMode="email"
        />
        <PasswordInput
          {...state.field('password')}
          visibilityToggleButtonProps={{ 'aria-label': t('field.password_visibility') }}
          label={t('field.password')}
          autoComplete="current-password"
        />
        <Button type="submit" loading={state.sending} fullWidth size="lg">
          {t('sign_in.submit')}
        </Button>
      </Form>
      <Group justify="space-between" mt="lg" gap="sm">
        <TextLink to="/register">{t('sign_in.register')}</TextLink>
        <TextLink to="/forgot-password" search={{ email: state.values.email.trim() || undefined }}>
          {t('sign_in.forgot')}
        </TextLink>
      </Group>
      <Text fz="sm" c="dimmed" mt="lg">
        {t('sign_in.hint')}
      </Text>
    </>
  )
}
