import { Outlet } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { useCurrentOrganization } from '@/shared/session/me'
import { IconOrganization } from '@/shared/ui/icons'
import { ButtonLink } from '@/shared/ui/links'
import { EmptyState } from '@/shared/ui/states'

/** Lets the pages of an organization's data through once one is chosen; else says how to choose. */
export function OrganizationGate() {
  const { t } = useTranslation('shell')
  if (useCurrentOrganization()) return <Outlet />
  return (
    <EmptyState
      icon={IconOrganization}
      title={t('no_organization.title')}
      action={
        <ButtonLink to="/organizations" mt="sm">
          {t('no_organization.action')}
        </ButtonLink>
      }
    >
      {t('no_organization.text')}
    </EmptyState>
  )
}
