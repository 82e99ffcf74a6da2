import { List, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { sections, type Action } from '@/model/access'
import { RoleName } from '@/model/role-name'
import { can } from '@/model/use-access'
import type { OrganizationAccess, OrganizationItem, Role } from '@/shared/api/types'
import { dash } from '@/shared/format/format'
import { rolesOptions } from '@/shared/session/organizations'
import { DataTable } from '@/shared/table/data-table'
import { Card } from '@/shared/ui/card'
import { Loaded } from '@/shared/ui/loaded'

type Props = { organizations: OrganizationItem[]; current: OrganizationAccess | null }

/** The person's role in each organization, and what every role opens in the one of the settings. Read only. */
export function RolesCard({ organizations, current }: Props) {
  const { t } = useTranslation('account')
  if (organizations.length === 0) return null
  return (
    <Card title={t('account.roles')} description={t('account.roles_text')}>
      <List spacing={4} listStyleType="none">
        {organizations.map(({ id, name, role, role_name }) => (
          <List.Item key={id}>
            {name}
            {': '}
            <Text component="span" fw={600}>
              <RoleName code={role} name={role_name} />
            </Text>
          </List.Item>
        ))}
      </List>
      {current && can(current.permissions, 'organization') && <Roles organizationId={current.id} />}
    </Card>
  )
}

function Roles({ organizationId }: { organizationId: string }) {
  const { t } = useTranslation('account')
  const query = useQuery(rolesOptions(organizationId))
  return (
    <Loaded query={query}>
      {({ items }) => (
        <DataTable
          caption={t('account.roles')}
          rows={items}
          rowKey={(role) => role.id}
          columns={[
            {
              key: 'role',
              header: t('account.role'),
              phone: 'title',
              cell: (role) => <RoleName code={role.code} name={role.name} />,
            },
            {
              key: 'edit',
              header: t('account.access_edit'),
              cell: (role) => <SectionNames role={role} action="edit" />,
            },
            {
              key: 'view',
              header: t('account.access_view'),
              cell: (role) => <SectionNames role={role} action="view" />,
            },
          ]}
        />
      )}
    </Loaded>
  )
}

// Edit implies view, so the column of view names only what can't be edited.
function SectionNames({ role, action }: { role: Role; action: Action }) {
  const { t } = useTranslation('account')
  const open = sections.filter((section) => {
    const edit = can(role.permissions, section, 'edit')
    return action === 'edit' ? edit : !edit && can(role.permissions, section)
  })
  if (open.length === sections.length) return t('account.all_sections')
  return open.map((section) => t(`section.${section}`)).join(', ') || dash
}
