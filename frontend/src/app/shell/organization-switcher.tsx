import { Button, Loader, Menu, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { organizationsOptions } from '@/shared/session/organizations'
import { useMe, useUpdateMe } from '@/shared/session/me'
import { IconCheck, IconChevronDown } from '@/shared/ui/icons'

/** Shows the organization one works in and switches to another. */
export function OrganizationSwitcher() {
  const { t } = useTranslation('shell')
  const me = useMe()
  const navigate = useNavigate()
  const update = useUpdateMe()
  const current = me.current_organization
  return (
    <Menu position="bottom-start" width={300} shadow="md">
      <Menu.Target>
        <Button
          variant="subtle"
          color="gray"
          c="var(--mantine-color-text)"
          px="xs"
          miw={0}
          rightSection={update.isPending ? <Loader size={16} /> : <IconChevronDown size={16} />}
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
        <Choices
          currentId={current?.id}
          choose={(id) => update.mutate({ current_organization_id: id })}
        />
        <Menu.Divider />
        <Menu.Item onClick={() => void navigate({ to: '/organizations' })}>
          {t('switcher.all')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}

function Choices({ currentId, choose }: { currentId?: string; choose: (id: string) => void }) {
  const { t } = useTranslation('shell')
  const { data } = useQuery(organizationsOptions())
  if (data?.items.length === 0) return <Menu.Label>{t('switcher.empty')}</Menu.Label>
  return data?.items.map((organization) => {
    const chosen = organization.id === currentId
    return (
      <Menu.Item
        key={organization.id}
        aria-current={chosen}
        rightSection={chosen && <IconCheck size={16} />}
        onClick={() => !chosen && choose(organization.id)}
      >
        {organization.name}
      </Menu.Item>
    )
  })
}
