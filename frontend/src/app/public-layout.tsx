import { Box, Group, Paper, Text, UnstyledButton } from '@mantine/core'
import { Outlet } from '@tanstack/react-router'
import { Suspense } from 'react'
import { useTranslation } from 'react-i18next'
import { chooseLanguage, languages } from '@/shared/i18n/language'
import { Logo } from '@/shared/ui/logo'
import { LoadingState } from '@/shared/ui/states'
import classes from './public-layout.module.css'

/** The frame of the pages before the sign-in: a form on a calm ground, the language above. */
export function PublicLayout() {
  const { t } = useTranslation('account')
  return (
    <Box className={classes.page}>
      <Box className={classes.side} visibleFrom="md">
        <Logo size={40} />
        <Box>
          <Text className={classes.promise}>{t('promise.title')}</Text>
          <Text className={classes.detail}>{t('promise.text')}</Text>
        </Box>
        <Receipt />
      </Box>
      <Box className={classes.main}>
        <Group justify="space-between" w="100%">
          <Box hiddenFrom="md">
            <Logo />
          </Box>
          <Box flex={1} />
          <LanguageChoice />
        </Group>
        <Box component="main" className={classes.form}>
          <Paper
            p={{ base: 'md', sm: 'xl' }}
            radius="lg"
            withBorder
            bd="1px solid var(--interpos-card-border)"
          >
            <Suspense fallback={<LoadingState />}>
              <Outlet />
            </Suspense>
          </Paper>
        </Box>
      </Box>
    </Box>
  )
}

function LanguageChoice() {
  const { t, i18n } = useTranslation()
  return (
    <Group gap="xs" role="group" aria-label={t('language_label')}>
      {languages.map((language) => (
        <UnstyledButton
          key={language}
          className={classes.language}
          lang={language}
          aria-pressed={i18n.language === language}
          onClick={() => void chooseLanguage(language)}
        >
          {t(`language.${language}`)}
        </UnstyledButton>
      ))}
    </Group>
  )
}

// Bars of a week on a receipt: the product's picture, drawn in code.
function Receipt() {
  const bars = [38, 52, 44, 61, 83, 100, 74]
  return (
    <svg viewBox="0 0 320 200" className={classes.picture} aria-hidden focusable={false}>
      <path
        d="M20 0h280v178l-20-14-20 14-20-14-20 14-20-14-20 14-20-14-20 14-20-14-20 14-20-14-20 14-20-14-20 14z"
        fill="rgba(255,255,255,0.07)"
      />
      {bars.map((height, index) => (
        <rect
          key={index}
          x={48 + index * 34}
          y={136 - height}
          width={20}
          height={height}
          rx={4}
          fill={index === 5 ? '#f2b04c' : 'rgba(255,255,255,0.32)'}
        />
      ))}
    </svg>
  )
}
