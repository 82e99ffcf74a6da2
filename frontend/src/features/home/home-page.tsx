import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useCan } from '@/model/use-access'
import type { OrganizationAccess } from '@/shared/api/types'
import { useFormat } from '@/shared/format/use-format'
import { useOrganization } from '@/shared/session/organization'
import { IconReport } from '@/shared/ui/icons'
import { PageHeader } from '@/shared/ui/page-header'
import { Loaded } from '@/shared/ui/loaded'
import { EmptyState } from '@/shared/ui/states'
import { Checklist } from './checklist'
import { Figures } from './figures'
import { dashboardOptions } from './queries'

/** Figure 9: the set-up, then the venue's money. */
export function HomePage() {
  const { t } = useTranslation('home')
  const organization = useOrganization()
  const mayRead = useCan('reports')
  return mayRead ? (
    <Dashboard organization={organization} />
  ) : (
    <>
      <PageHeader title={t('title')} description={organization.name} />
      <EmptyState icon={IconReport} title={t('closed_title')}>
        {t('closed_text')}
      </EmptyState>
    </>
  )
}

function Dashboard({ organization }: { organization: OrganizationAccess }) {
  const { t } = useTranslation('home')
  const format = useFormat()
  const query = useQuery(dashboardOptions(organization.id))
  const day = query.data?.business_day
  return (
    <>
      <PageHeader
        title={t('title')}
        description={
          day
            ? t('of_day', { name: organization.name, day: format.dayLong(day) })
            : organization.name
        }
      />
      <Loaded query={query}>
        {(dashboard) =>
          dashboard.setup.data_received ? (
            <Figures dashboard={dashboard} />
          ) : (
            <Checklist organizationId={organization.id} deviceSeen={dashboard.setup.device_seen} />
          )
        }
      </Loaded>
    </>
  )
}
