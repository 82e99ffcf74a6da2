import { Badge, Button, Group, Stack, Text, Tooltip } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { RoleName } from '@/model/role-name'
import { asProblem } from '@/shared/api/problem'
import type { OrganizationItem } from '@/shared/api/types'
import { useFormat } from '@/shared/format/use-format'
import { useMe, useUpdateMe } from '@/shared/session/me'
import { DataTable, type Column } from '@/shared/table/data-table'
import { Card } from '@/shared/ui/card'
import { IconOrganization, IconPlus } from '@/shared/ui/icons'
import { ButtonLink } from '@/shared/ui/links'
import { useNotice } from '@/shared/ui/notice'
import { PageHeader } from '@/shared/ui/page-header'
import { ProblemNote } from '@/shared/ui/problem-note'
import { Loaded } from '@/shared/ui/loaded'
import { EmptyState } from '@/shared/ui/states'
import { organizationsOptions } from '@/shared/session/organizations'
import { timeZoneName } from './time-zones'

/** Figure 4: the organizations of the account, with its limit. */
export function OrganizationsPage() {
  const { t } = useTranslation('organization')
  const query = useQuery(organizationsOptions())
  return (
    <>
      <PageHeader
        title={t('list.title')}
        description={t('list.text')}
        actions={query.data && <CreateButton owned={query.data.owned} limit={query.data.limit} />}
      />
      <Loaded query={query}>
        {({ items, owned, limit }) => (
          <Stack gap="md">
            <Limit owned={owned} limit={limit} />
            <Card>
              {items.length === 0 ? (
                <EmptyState icon={IconOrganization} title={t('list.empty_title')}>
                  {t('list.empty_text')}
                </EmptyState>
              ) : (
                <OrganizationTable items={items} />
              )}
            </Card>
          </Stack>
        )}
      </Loaded>
    </>
  )
}

function Limit({ owned, limit }: { owned: number; limit: number }) {
  const { t } = useTranslation('organization')
  return (
    <Group gap="xs">
      <Text>{t('list.connected')}</Text>
      <Text fw={650} className="numeric">
        {t('list.of_limit', { owned, limit })}
      </Text>
      {owned >= limit && (
        <Text c="dimmed" id="limit-note">
          {t('list.limit_note')}
        </Text>
      )}
    </Group>
  )
}

function CreateButton({ owned, limit }: { owned: number; limit: number }) {
  const { t } = useTranslation('organization')
  const icon = <IconPlus size={18} />
  if (owned < limit) {
    return (
      <ButtonLink to="/organizations/new" leftSection={icon}>
        {t('list.create')}
      </ButtonLink>
    )
  }
  // data-disabled keeps the button focusable, so that its explanation is heard and seen.
  return (
    <Tooltip
      label={t('list.limit_note')}
      multiline
      maw={300}
      events={{ hover: true, focus: true, touch: true }}
    >
      <Button
        leftSection={icon}
        data-disabled
        aria-disabled
        aria-describedby="limit-note"
        onClick={(event) => event.preventDefault()}
      >
        {t('list.create')}
      </Button>
    </Tooltip>
  )
}

/** Makes an organization the one that `/` leads to. */
function ChooseButton({ organization }: { organization: OrganizationItem }) {
  const { t } = useTranslation('organization')
  const notice = useNotice()
  const { mutateAsync, isPending, error } = useUpdateMe()
  // Not a callback of mutate: this button is gone once the organization is the chosen one.
  const choose = async () => {
    await mutateAsync({ changes: { current_organization_id: organization.id } })
    notice(t('list.chosen_now', { name: organization.name }))
  }
  return (
    <>
      <Button
        variant="default"
        size="xs"
        // Above the link that covers the row.
        style={{ position: 'relative', zIndex: 1 }}
        onClick={() => void choose().catch(() => undefined)}
        loading={isPending}
        aria-label={t('list.choose_name', { name: organization.name })}
      >
        {t('list.choose')}
      </Button>
      {error && <ProblemNote problem={asProblem(error)} />}
    </>
  )
}

function OrganizationTable({ items }: { items: OrganizationItem[] }) {
  const { t, i18n } = useTranslation('organization')
  const format = useFormat()
  const me = useMe()
  const columns: Column<OrganizationItem>[] = [
    { key: 'name', header: t('field.name'), phone: 'title', cell: (item) => item.name },
    {
      key: 'current',
      header: t('list.current'),
      phone: 'value',
      cell: (item) =>
        item.id === me.current_organization?.id ? (
          <Badge variant="light">{t('list.chosen')}</Badge>
        ) : (
          <ChooseButton organization={item} />
        ),
    },
    {
      key: 'role',
      header: t('list.role'),
      cell: (item) => <RoleName code={item.role} name={item.role_name} />,
    },
    { key: 'currency', header: t('field.currency'), cell: (item) => item.currency },
    {
      key: 'time_zone',
      header: t('field.time_zone'),
      cell: (item) => timeZoneName(i18n.language, item.time_zone),
    },
    {
      key: 'created_at',
      header: t('list.created'),
      phone: 'hidden',
      cell: (item) => format.date(item.created_at),
    },
  ]
  return (
    <DataTable
      caption={t('list.title')}
      columns={columns}
      rows={items}
      rowKey={(item) => item.id}
      link={(item) => ({
        to: '/organizations/$organizationId',
        params: { organizationId: item.id },
      })}
    />
  )
}
