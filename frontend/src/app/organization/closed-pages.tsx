import { Group } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { moduleOf, type Section } from '@/model/access'
import { useRoleName } from '@/model/role-name'
import type { OrganizationAccess } from '@/shared/api/types'
import { useMe } from '@/shared/session/me'
import { IconKey, IconLicense, IconOrganization } from '@/shared/ui/icons'
import { ButtonLink, OrganizationButton } from '@/shared/ui/links'
import { useDocumentTitle } from '@/shared/ui/page-header'
import { EmptyState } from '@/shared/ui/states'

/** An address of no organization of the person's: whether there is one is not said. */
export function OrganizationNotFound() {
  const { t } = useTranslation('shell')
  const { email } = useMe()
  useDocumentTitle(t('organization_not_found.title'))
  return (
    <EmptyState
      page
      icon={IconOrganization}
      title={t('organization_not_found.title')}
      action={
        <Group justify="center" gap="sm" mt="sm">
          <ButtonLink to="/">{t('organization_not_found.home')}</ButtonLink>
          <ButtonLink to="/organizations" variant="default">
            {t('switcher.all')}
          </ButtonLink>
        </Group>
      }
    >
      {t('organization_not_found.text', { email })}
    </EmptyState>
  )
}

type ClosedByRoleProps = { organization: OrganizationAccess; section: Section }

/** A section that the person's role does not open. */
export function ClosedByRole({ organization, section }: ClosedByRoleProps) {
  const { t } = useTranslation('shell')
  const { t: account } = useTranslation('account')
  const role = useRoleName()(organization.role, organization.role_name)
  const title = t('closed.title', { section: account(`section.${section}`) })
  useDocumentTitle(title)
  return (
    <EmptyState
      page
      icon={IconKey}
      title={title}
      action={
        <OrganizationButton to="/o/$organizationId" mt="sm">
          {t('closed.home')}
        </OrganizationButton>
      }
    >
      {t('closed.text', { name: organization.name, role })}
    </EmptyState>
  )
}

/** A section whose module is not licensed. */
export function ClosedByLicense({ section }: { section: Section }) {
  const { t } = useTranslation('license')
  const title = t('closed.title', { module: t(`module_name.${moduleOf[section]!}`) })
  useDocumentTitle(title)
  return (
    <EmptyState
      page
      icon={IconLicense}
      title={title}
      action={
        <ButtonLink to="/licenses" mt="sm">
          {t('closed.action')}
        </ButtonLink>
      }
    >
      {t('closed.text')}
    </EmptyState>
  )
}
