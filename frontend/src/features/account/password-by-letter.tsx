import { Button, PasswordInput, TextInput } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Form } from '@/shared/form/form'
import { newPassword } from '@/shared/form/rules'
import { useServerForm } from '@/shared/form/use-server-form'

type Props = {
  email: string
  label: string
  submit: string
  send: (password: string) => Promise<void>
}

/** The form behind a letter's link: the account's address, and the password that its holder sets. */
export function PasswordByLetter({ email, label, submit, send }: Props) {
  const { t } = useTranslation('account')
  const state = useServerForm({
    rules: { password: newPassword },
    initialValues: { password: '' },
    send: ({ password }) => send(password),
  })
  return (
    <Form state={state}>
      <TextInput label={t('field.email')} value={email} autoComplete="username" readOnly />
      <PasswordInput
        {...state.field('password')}
        visibilityToggleButtonProps={{ 'aria-label': t('field.password_visibility') }}
        label={label}
        description={t('register.password_note')}
        autoComplete="new-password"
        withAsterisk
        required
      />
      <Button type="submit" loading={state.sending} fullWidth size="lg">
        {submit}
      </Button>
    </Form>
  )
}
