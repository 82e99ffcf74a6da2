import { Alert } from '@mantine/core'
import { getRouteApi } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { useCan } from '@/model/use-access'
import type { SalesByDay } from '@/shared/api/types'
import { useFormat } from '@/shared/format/use-format'
import { IconInfo } from '@/shared/ui/icons'
import { TextLink } from '@/shared/ui/links'
import { lateReceiptsOf } from './receipts-of'

const route = getRouteApi('/cabinet/o/$organizationId/reports/sales-by-day')

/** Says that days which were over have changed, and leads to what changed them. */
export function LateNote({ report }: { report: SalesByDay }) {
  const { t } = useTranslation('report')
  const format = useFormat()
  const { outlet_id } = route.useSearch()
  const open = useCan('documents')
  const count = report.late_receipts
  if (count === 0) return null
  return (
    <Alert icon={<IconInfo />} color="amber" mb="md">
      {t('late.note', { count, formatted: format.integer(count) })}{' '}
      {open && (
        <TextLink {...lateReceiptsOf(report.from, report.to, outlet_id)} fz="inherit">
          {t('late.show')}
        </TextLink>
      )}
    </Alert>
  )
}
