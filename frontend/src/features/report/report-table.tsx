import { Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useFormat } from '@/shared/format/use-format'
import { DataTable, usePhone } from '@/shared/table/data-table'
import { Card } from '@/shared/ui/card'
import { ReportList, type ReportTableProps } from './report-list'

/** All measures in a wide table with the first column in sight; entries that unfold on a phone. */
export function ReportTable<Row>(props: ReportTableProps<Row>) {
  const { t } = useTranslation('report')
  const format = useFormat()
  const phone = usePhone()
  return (
    <Card>
      <Text fz="sm" c="dimmed">
        {t('in_currency', { currency: format.currencySign })}
      </Text>
      {phone ? <ReportList {...props} /> : <DataTable {...props} sticky />}
    </Card>
  )
}
