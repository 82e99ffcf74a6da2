import { Stack } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { organizationsOptions } from '@/shared/session/organizations'
import { useMe } from '@/shared/session/me'
import { BackLink } from '@/shared/table/back-link'
import { IconAccount } from '@/shared/ui/icons'
import { PageHeader } from '@/shared/ui/page-header'
import { Loaded } from '@/shared/ui/loaded'
import { EmptyState } from '@/shared/ui/states'
import { AccountForm } from './account-form'
import { RolesCard } from './roles-card'

const route = getRouteApi('/cabinet/accounts/$accountId')

/** Figure 8: the account's form and the roles it has. */
export function AccountPage() {
  const { t } = useTranslation('account')
  const me = useMe()
  const { accountId } = route.useParams()
  const organizations = useQuery(organizationsOptions())
  const back = <BackLink to="/accounts">{t('accounts.title')}</BackLink>
  if (accountId !== me.id) {
    return (
      <EmptyState page icon={IconAccount} title={t('account.foreign_title')} action={back}>
        {t('account.foreign_text')}
      </EmptyState>
    )
  }
  return (
    <>
      <PageHeader back={back} title={me.full_name} description={me.email} />
      <Loaded query={organizations}>
        {({ items }) => (
          <Stack gap="md">
            <AccountForm me={me} organizations={items} />
            <RolesCard organizations={items} current={me.current_organization} />
          </Stack>
        )}
      </Loaded>
    </>
  )
}
