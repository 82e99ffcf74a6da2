import { useTranslation } from 'react-i18next'
import { IconDelivery } from '@/shared/ui/icons'
import { PageHeader } from '@/shared/ui/page-header'
import { EmptyState } from '@/shared/ui/states'

/** «Доставки»: the orders of the venues. */
export function DeliveriesPage() {
  const { t } = useTranslation('license')
  return (
    <>
      <PageHeader title={t('deliveries.title')} />
      <EmptyState icon={IconDelivery} title={t('deliveries.empty_title')}>
        {t('deliveries.empty_text')}
      </EmptyState>
    </>
  )
}
