import '@mantine/notifications/styles.css'
import { AppShell, Box, Burger, Group, ScrollArea } from '@mantine/core'
import { useDidUpdate, useDisclosure, useHotkeys, useMediaQuery } from '@mantine/hooks'
import { Notifications } from '@mantine/notifications'
import { Outlet } from '@tanstack/react-router'
import { Suspense, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { OrganizationContext } from '@/shared/session/organization'
import { Logo, LogoMark } from '@/shared/ui/logo'
import { LoadingState } from '@/shared/ui/states'
import { MenuLinks } from './menu-links'
import { OfflineBanner } from './offline-banner'
import { OrganizationSwitcher } from './organization-switcher'
import classes from './shell.module.css'
import { useOrganizationInSight } from './use-organization-in-sight'
import { UserMenu } from './user-menu'

/** The cabinet around its pages: menu at the left (over the page on narrow screens), header, content. */
export function Shell() {
  return (
    <OrganizationContext value={useOrganizationInSight()}>
      <Frame />
    </OrganizationContext>
  )
}

function Frame() {
  const { t } = useTranslation('shell')
  const { opened, open, close, covers, hidden, openButton, closeButton } = useMenu()
  return (
    <AppShell
      layout="alt"
      header={{ height: 64 }}
      navbar={{ width: 276, breakpoint: 'md', collapsed: { mobile: !opened } }}
      padding={0}
    >
      <a href="#content" className="skip-link">
        {t('skip_to_content')}
      </a>
      <AppShell.Header className={classes.header} inert={covers}>
        <Group h="100%" px={{ base: 'sm', sm: 'lg' }} gap="sm" wrap="nowrap">
          <Burger
            ref={openButton}
            onClick={open}
            hiddenFrom="md"
            size="sm"
            aria-label={t('open_menu')}
            aria-expanded={opened}
          />
          <Box hiddenFrom="md" lh={0}>
            <LogoMark size={30} />
          </Box>
          <OrganizationSwitcher />
          <Box flex={1} />
          <UserMenu />
        </Group>
      </AppShell.Header>
      <AppShell.Navbar
        className={classes.rail}
        withBorder={false}
        inert={hidden}
        aria-label={t('menu_label')}
      >
        <Group h={64} px="md" justify="space-between" wrap="nowrap">
          <Logo />
          <Burger
            ref={closeButton}
            opened
            onClick={close}
            hiddenFrom="md"
            size="sm"
            color="var(--interpos-rail-text)"
            aria-label={t('close_menu')}
          />
        </Group>
        <ScrollArea flex={1} px="sm" pb="md">
          <MenuLinks onChoose={close} />
        </ScrollArea>
      </AppShell.Navbar>
      <AppShell.Main inert={covers}>
        <OfflineBanner />
        <Box id="content" tabIndex={-1} className={classes.content}>
          <Suspense fallback={<LoadingState />}>
            <Outlet />
          </Suspense>
        </Box>
      </AppShell.Main>
      <Notifications position="bottom-right" />
    </AppShell>
  )
}

// On narrow screens the menu lies over the page: what is covered, or hidden, takes no focus.
function useMenu() {
  const narrow = useMediaQuery('(max-width: 62em)', undefined, { getInitialValueInEffect: false })
  const [opened, { open, close }] = useDisclosure()
  const openButton = useRef<HTMLButtonElement>(null)
  const closeButton = useRef<HTMLButtonElement>(null)
  useHotkeys([['Escape', close]])
  useDidUpdate(() => {
    const button = opened ? closeButton : openButton
    button.current?.focus({ preventScroll: true })
  }, [opened])
  return {
    opened,
    open,
    close,
    openButton,
    closeButton,
    covers: narrow && opened,
    hidden: narrow && !opened,
  }
}
