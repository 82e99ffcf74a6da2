import { useTranslation } from 'react-i18next'
import { useOrganization } from '@/shared/session/me'
import { IconDelivery, IconLicense } from '@/shared/ui/icons'
import { ButtonLink } from '@/shared/ui/links'
import { PageHeader } from '@/shared/ui/page-header'
import { EmptyState } from '@/shared/ui/states'

/** «Доставки»: open while the module is licensed. */
export function DeliveriesPage() {
  const { t } = useTranslation('license')
  const licensed = useOrganization().modules.includes('delivery')
  return (
    <>
      <PageHeader title={t('deliveries.title')} />
      {licensed ? (
        <EmptyState icon={IconDelivery} title={t('deliveries.empty_title')}>
          {t('deliveries.empty_text')}
        </EmptyState>
      ) : (
        <EmptyState
          icon={IconLicense}
          title={t('deliveries.closed_title')}
          action={
            <ButtonLink to="/licenses" mt="sm">
              {t('deliveries.closed_action')}
            </ButtonLink>
          }
        >
          {t('deliveries.closed_text')}
        </EmptyState>
      )}
    </>
  )
}
