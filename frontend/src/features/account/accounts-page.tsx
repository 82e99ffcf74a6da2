import { Badge, Group } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Me } from '@/shared/api/types'
import { useMe } from '@/shared/session/me'
import { DataTable, type Column } from '@/shared/table/data-table'
import { Card } from '@/shared/ui/card'
import { PageHeader } from '@/shared/ui/page-header'

/** «Настройки учетной записи»: the accounts that one may edit. */
export function AccountsPage() {
  const { t } = useTranslation('account')
  const me = useMe()
  const columns: Column<Me>[] = [
    {
      key: 'name',
      header: t('accounts.name'),
      phone: 'title',
      cell: (account) => (
        <Group component="span" gap="xs" display="inline-flex">
          {account.full_name}
          <Badge component="span" variant="light">
            {t('accounts.yourself')}
          </Badge>
        </Group>
      ),
    },
    { key: 'email', header: t('accounts.email'), cell: (account) => account.email },
    {
      key: 'organization',
      header: t('accounts.organization'),
      cell: (account) => account.current_organization?.name ?? t('accounts.none'),
    },
  ]
  return (
    <>
      <PageHeader title={t('accounts.title')} description={t('accounts.text')} />
      <Card>
        <DataTable
          caption={t('accounts.list')}
          columns={columns}
          rows={[me]}
          rowKey={(account) => account.id}
          link={(account) => ({ to: '/accounts/$accountId', params: { accountId: account.id } })}
        />
      </Card>
    </>
  )
}
