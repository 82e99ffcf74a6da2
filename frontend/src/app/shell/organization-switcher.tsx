import { Button, Menu, Text, type MenuItemProps } from '@mantine/core'
import { createLink, useMatches } from '@tanstack/react-router'
import type { AnchorHTMLAttributes, Ref } from 'react'
import { useTranslation } from 'react-i18next'
import { useMe } from '@/shared/session/me'
import { useCurrentOrganization } from '@/shared/session/organization'
import { useFirstChoice } from '@/shared/session/use-first-choice'
import { IconCheck, IconChevronDown } from '@/shared/ui/icons'
import { samePageOf } from './same-page'

type ItemAnchorProps = MenuItemProps &
  Omit<AnchorHTMLAttributes<HTMLAnchorElement>, keyof MenuItemProps> & {
    ref?: Ref<HTMLAnchorElement>
  }

const ItemLink = createLink((props: ItemAnchorProps) => <Menu.Item component="a" {...props} />)

/** Shows the organization in sight, and leads to the same page of another. */
export function OrganizationSwitcher() {
  const { t } = useTranslation('shell')
  const current = useCurrentOrganization()
  return (
    <Menu position="bottom-start" width={300} shadow="md">
      <Menu.Target>
        <Button
          variant="subtle"
          color="gray"
          c="var(--mantine-color-text)"
          px="xs"
          miw={0}
          rightSection={<IconChevronDown size={16} />}
          aria-label={t('switcher.label', { name: current?.name ?? t('switcher.none') })}
        >
          <Text
            component="span"
            truncate
            fw={600}
            c={current ? undefined : 'dimmed'}
            maw={{ base: 150, xs: 260 }}
          >
            {current?.name ?? t('switcher.none')}
          </Text>
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Choices currentId={current?.id} />
        <Menu.Divider />
        <ItemLink to="/organizations">{t('switcher.all')}</ItemLink>
      </Menu.Dropdown>
    </Menu>
  )
}

function Choices({ currentId }: { currentId?: string }) {
  const { t } = useTranslation('shell')
  const { organizations } = useMe()
  const choose = useFirstChoice()
  const page = useMatches().at(-1)!
  if (organizations.length === 0) return <Menu.Label>{t('switcher.empty')}</Menu.Label>
  return organizations.map((organization) => (
    <ItemLink
      key={organization.id}
      {...samePageOf(organization, page)}
      aria-current={organization.id === currentId}
      rightSection={organization.id === currentId && <IconCheck size={16} />}
      onClick={() => choose(organization.id)}
    >
      {organization.name}
    </ItemLink>
  ))
}
