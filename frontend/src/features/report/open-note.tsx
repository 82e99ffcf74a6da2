import { Alert } from '@mantine/core'
import { getRouteApi } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { useCan } from '@/model/use-access'
import type { SalesByDay } from '@/shared/api/types'
import { useFormat } from '@/shared/format/use-format'
import { IconInfo } from '@/shared/ui/icons'
import { TextLink } from '@/shared/ui/links'
import { openReceiptsOf } from './receipts-of'

const route = getRouteApi('/cabinet/o/$organizationId/reports/sales-by-day')

/** Says that receipts of the period are still open, and leads to them. */
export function OpenNote({ report }: { report: SalesByDay }) {
  const { t } = useTranslation('report')
  const format = useFormat()
  const { outlet_id } = route.useSearch()
  const mayOpen = useCan('documents')
  const count = report.open_receipts
  if (count === 0) return null
  return (
    <Alert icon={<IconInfo />} variant="default" mb="md">
      {t('open.note', { count, formatted: format.integer(count) })}{' '}
      {mayOpen && (
        <TextLink {...openReceiptsOf(report.from, report.to, outlet_id)} fz="inherit">
          {t('open.show')}
        </TextLink>
      )}
    </Alert>
  )
}
