import { Stack, Text } from '@mantine/core'
import { getRouteApi } from '@tanstack/react-router'
import { Trans, useTranslation } from 'react-i18next'
import { TextLink } from '@/shared/ui/links'
import { FormTitle } from './form-title'
import { ResendButton } from './resend-button'

const route = getRouteApi('/public/letter-sent')

/** After the registration: where the letter went, and what to do if it does not come. */
export function LetterSentPage() {
  const { t } = useTranslation('account')
  const { email } = route.useSearch()
  return (
    <>
      <FormTitle title={t('letter.title')} />
      <Stack gap="md">
        <Text>
          <Trans t={t} i18nKey="letter.text" values={{ email }} components={{ b: <strong /> }} />
        </Text>
        <Text c="dimmed">{t('letter.not_there')}</Text>
        {email && <ResendButton email={email} wait />}
        <TextLink to="/sign-in">{t('to_sign_in')}</TextLink>
      </Stack>
    </>
  )
}
