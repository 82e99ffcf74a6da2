import { useTranslation } from 'react-i18next'
import { useCan } from '@/model/use-access'
import { useOrganization } from '@/shared/session/organization'
import { Card } from '@/shared/ui/card'
import { IconSync } from '@/shared/ui/icons'
import { ButtonLink } from '@/shared/ui/links'
import { EmptyState } from '@/shared/ui/states'

/** No local database has said hello: where the key is, and what to do with it. */
export function NotConnected() {
  const { t } = useTranslation('synchronization')
  const organization = useOrganization()
  const mayConnect = useCan('sync', 'edit')
  return (
    <Card>
      <EmptyState
        icon={IconSync}
        title={t('none.title')}
        action={
          mayConnect && (
            <ButtonLink
              to="/organizations/$organizationId"
              params={{ organizationId: organization.id }}
              mt="sm"
            >
              {t('none.action')}
            </ButtonLink>
          )
        }
      >
        {t(mayConnect ? 'none.text' : 'none.text_no_key')}
      </EmptyState>
    </Card>
  )
}
