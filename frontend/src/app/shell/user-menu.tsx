import {
  Avatar,
  Menu,
  SegmentedControl,
  Stack,
  Text,
  UnstyledButton,
  useMantineColorScheme,
} from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { api } from '@/shared/api/client'
import { chooseLanguage, languages, type Language } from '@/shared/i18n/language'
import { useMe, useUpdateMe } from '@/shared/session/me'
import { endSessionEverywhere } from '@/shared/api/session'
import { IconAccount, IconSignOut } from '@/shared/ui/icons'

/** The person: own settings, language, colours, sign-out. */
export function UserMenu() {
  const { t } = useTranslation('shell')
  const me = useMe()
  const navigate = useNavigate()
  return (
    <Menu position="bottom-end" width={280} shadow="md">
      <Menu.Target>
        <UnstyledButton
          aria-label={t('user_menu', { name: me.full_name })}
          style={{ borderRadius: '50%' }}
        >
          <Avatar color="spruce" variant="light" radius="xl" name={me.full_name} />
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Stack gap={0} px="sm" py="xs">
          <Text fw={600} truncate>
            {me.full_name}
          </Text>
          <Text fz="sm" c="dimmed" truncate>
            {me.email}
          </Text>
        </Stack>
        <Menu.Divider />
        <Stack gap="xs" px="sm" py="xs">
          <LanguageChoice />
          <SchemeChoice />
        </Stack>
        <Menu.Divider />
        <Menu.Item
          leftSection={<IconAccount />}
          onClick={() =>
            void navigate({ to: '/accounts/$accountId', params: { accountId: me.id } })
          }
        >
          {t('menu.accounts')}
        </Menu.Item>
        <Menu.Item leftSection={<IconSignOut />} onClick={() => void signOut()}>
          {t('sign_out')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}

function LanguageChoice() {
  const { t, i18n } = useTranslation()
  const { t: shell } = useTranslation('shell')
  const update = useUpdateMe()
  const choose = (language: Language) => {
    void chooseLanguage(language)
    update.mutate({ changes: { locale: language } })
  }
  return (
    <SegmentedControl
      fullWidth
      aria-label={shell('language')}
      value={i18n.language}
      onChange={(value) => choose(value as Language)}
      data={languages.map((value) => ({ value, label: t(`language.${value}`) }))}
    />
  )
}

function SchemeChoice() {
  const { t } = useTranslation('shell')
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  const schemes = ['auto', 'light', 'dark'] as const
  return (
    <SegmentedControl
      fullWidth
      aria-label={t('scheme.label')}
      value={colorScheme}
      onChange={(value) => setColorScheme(value as (typeof schemes)[number])}
      data={schemes.map((value) => ({ value, label: t(`scheme.${value}`) }))}
    />
  )
}

// The session ends here even when the server can't be told; its refresh token then runs out by itself.
async function signOut() {
  await api.POST('/auth/logout').catch(() => undefined)
  endSessionEverywhere()
}
