import { Alert, Stack, Text } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { can } from '@/model/use-access'
import type { Tagged } from '@/shared/api/client'
import type { Organization } from '@/shared/api/types'
import { useEdit } from '@/shared/form/use-edit'
import { useMe } from '@/shared/session/me'
import { organizationOf } from '@/shared/session/organization'
import { useFirstChoice } from '@/shared/session/use-first-choice'
import { IconCheck } from '@/shared/ui/icons'
import { ButtonLink } from '@/shared/ui/links'
import { useNotice } from '@/shared/ui/notice'
import { PageHeader } from '@/shared/ui/page-header'
import { Loaded } from '@/shared/ui/loaded'
import { ArchiveCard } from './archive-card'
import { BackToList } from './back-to-list'
import { updateOrganization } from './mutations'
import { OrganizationForm, type OrganizationValues } from './organization-form'
import { organizationOptions } from '@/shared/session/organizations'
import { SyncKeyCard } from './sync-key-card'

const route = getRouteApi('/cabinet/organizations/$organizationId')

/** Figure 6: an organization's form with its sync key. */
export function OrganizationPage() {
  const { organizationId } = route.useParams()
  const query = useQuery(organizationOptions(organizationId))
  return (
    <Loaded query={query} page>
      {(organization) => <Edit key={organization.id} organization={organization} />}
    </Loaded>
  )
}

function Edit({ organization }: { organization: Tagged<Organization> }) {
  const { t } = useTranslation('organization')
  const { created } = route.useSearch()
  const client = useQueryClient()
  const notice = useNotice()
  const mayEdit = can(organization.permissions, 'organization', 'edit')
  const isOwner = organizationOf(useMe(), organization.id)?.is_owner
  const options = organizationOptions(organization.id)
  const store = useEdit<Organization, OrganizationValues>({
    opened: organization,
    valuesOf,
    write: async (values, etag) => {
      const saved = await updateOrganization(organization.id, values, etag)
      client.setQueryData(options.queryKey, saved)
      return saved
    },
    readAgain: () => client.fetchQuery({ ...options, staleTime: 0 }),
  })
  const save = async (values: OrganizationValues) => {
    await store(values)
    await client.invalidateQueries({ queryKey: ['organizations'] })
    await client.invalidateQueries({ queryKey: ['me'] })
    notice(t('edit.saved'))
  }
  return (
    <>
      <PageHeader
        back={<BackToList />}
        title={organization.name}
        description={t('edit.text')}
        actions={<OpenButton organizationId={organization.id} />}
      />
      <Stack gap="md">
        {created && (
          <Alert color="spruce" icon={<IconCheck />} role="status" title={t('edit.created_title')}>
            <Text>{t('edit.created_text')}</Text>
          </Alert>
        )}
        {organization.sync_key && (
          <SyncKeyCard organization={organization} syncKey={organization.sync_key} />
        )}
        <OrganizationForm initialValues={valuesOf(organization)} save={save} readOnly={!mayEdit} />
        {isOwner && <ArchiveCard organization={organization} />}
      </Stack>
    </>
  )
}

function OpenButton({ organizationId }: { organizationId: string }) {
  const { t } = useTranslation('organization')
  const choose = useFirstChoice()
  return (
    <ButtonLink
      to="/o/$organizationId"
      params={{ organizationId }}
      variant="default"
      onClick={() => choose(organizationId)}
    >
      {t('edit.open')}
    </ButtonLink>
  )
}

function valuesOf(organization: Organization): OrganizationValues {
  return {
    name: organization.name,
    time_zone: organization.time_zone,
    currency: organization.currency,
    default_delivery_minutes: organization.default_delivery_minutes,
    day_starts_at: organization.day_starts_at,
    legal_name: organization.legal_name,
    tax_number: organization.tax_number,
    address: organization.address,
    phone: organization.phone,
  }
}
