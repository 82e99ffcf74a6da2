import { useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { localTimeZone } from '@/shared/format/use-format'
import { PageHeader } from '@/shared/ui/page-header'
import { defaultCurrency } from './currencies'
import { createOrganization } from './mutations'
import { OrganizationForm, type OrganizationValues } from './organization-form'
import { organizationOptions, organizationsOptions } from '@/shared/session/organizations'
import { BackToList } from './back-to-list'

/** Figure 5: «Создание новой организации». Afterwards the edit form shows the sync key. */
export function NewOrganizationPage() {
  const { t } = useTranslation('organization')
  const navigate = useNavigate()
  const client = useQueryClient()
  const [initialValues] = useState(emptyOrganization)
  const save = async (values: OrganizationValues) => {
    const created = await createOrganization(values)
    client.setQueryData(organizationOptions(created.id).queryKey, created)
    await client.invalidateQueries({ queryKey: organizationsOptions().queryKey })
    await client.invalidateQueries({ queryKey: ['me'] })
    await navigate({
      to: '/organizations/$organizationId',
      params: { organizationId: created.id },
      search: { created: true },
      ignoreBlocker: true,
      replace: true,
    })
  }
  return (
    <>
      <PageHeader back={<BackToList />} title={t('new.title')} description={t('new.text')} />
      <OrganizationForm initialValues={initialValues} save={save} />
    </>
  )
}

function emptyOrganization(): OrganizationValues {
  return {
    name: '',
    time_zone: localTimeZone(),
    currency: defaultCurrency(navigator.languages),
    default_delivery_minutes: 60,
    day_starts_at: '00:00',
    legal_name: '',
    tax_number: '',
    address: '',
    phone: '',
  }
}
