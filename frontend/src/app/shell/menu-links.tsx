import { Divider, NavLink, Stack } from '@mantine/core'
import { createLink } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { useCurrentOrganization } from '@/shared/session/organization'
import { menuFor, type MenuEntry } from './menu'
import classes from './shell.module.css'

const MenuLink = createLink(NavLink<'a'>)

/** The menu's entries: the pages of the organization above, those of the account below. */
export function MenuLinks({ onChoose }: { onChoose: () => void }) {
  const menu = menuFor(useCurrentOrganization())
  return (
    <Stack gap={0} onClick={onChoose}>
      {menu.data.map((entry) => (
        <Entry key={entry.key} entry={entry} />
      ))}
      <Divider my="sm" color="rgba(255, 255, 255, 0.14)" />
      {menu.account.map((entry) => (
        <Entry key={entry.key} entry={entry} />
      ))}
    </Stack>
  )
}

function Entry({ entry }: { entry: MenuEntry }) {
  const { t } = useTranslation('shell')
  const organizationId = useCurrentOrganization()?.id
  const Icon = entry.icon
  return (
    <MenuLink
      to={entry.to}
      params={{ organizationId } as never}
      activeOptions={{ exact: entry.key === 'home', includeSearch: false }}
      className={classes.entry}
      label={t(`menu.${entry.key}`)}
      leftSection={<Icon />}
    />
  )
}
