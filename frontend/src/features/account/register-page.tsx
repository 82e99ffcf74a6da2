import { Button, PasswordInput, Text, TextInput } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { Form, RequiredNote } from '@/shared/form/form'
import limits from '@/shared/form/limits.json'
import { email, newPassword, optionalText, requiredText } from '@/shared/form/rules'
import { useServerForm } from '@/shared/form/use-server-form'
import { TextLink } from '@/shared/ui/links'
import { FormTitle } from './form-title'
import { register } from './requests'

const rules = {
  full_name: requiredText(limits.full_name.maxLength),
  email,
  phone: optionalText(limits.phone.maxLength),
  password: newPassword,
}

/** Figure 2: registration. */
export function RegisterPage() {
  const { t, i18n } = useTranslation('account')
  const navigate = useNavigate()
  const state = useServerForm({
    rules,
    initialValues: { full_name: '', email: '', phone: '', password: '' },
    send: async (values) => {
      const address = values.email.trim()
      await register({ ...values, email: address, locale: i18n.language === 'ru' ? 'ru' : 'en' })
      await navigate({ to: '/letter-sent', search: { email: address } })
    },
  })
  return (
    <>
      <FormTitle title={t('register.title')}>{t('register.text')}</FormTitle>
      <Form state={state}>
        <TextInput
          {...state.field('full_name')}
          label={t('field.full_name')}
          withAsterisk
          required
          autoComplete="name"
        />
        <TextInput
          {...state.field('email')}
          label={t('field.email')}
          withAsterisk
          required
          type="email"
          autoComplete="email"
          inputMode="email"
        />
        <PasswordInput
          {...state.field('password')}
          visibilityToggleButtonProps={{ 'aria-label': t('field.password_visibility') }}
          label={t('field.password')}
          description={t('register.password_note')}
          withAsterisk
          required
          autoComplete="new-password"
        />
        <TextInput
          {...state.field('phone')}
          label={t('field.phone')}
          type="tel"
          autoComplete="tel"
        />
        <RequiredNote />
        <Button type="submit" loading={state.sending} fullWidth size="lg">
          {t('register.submit')}
        </Button>
      </Form>
      <Text mt="lg">
        {t('register.have_account')} <TextLink to="/sign-in">{t('register.sign_in')}</TextLink>
      </Text>
    </>
  )
}
