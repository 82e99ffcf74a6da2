import { Text } from '@mantine/core'
import type { LinkProps } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { useFormat } from '@/shared/format/use-format'
import { DataTable, usePhone, type DataTableProps } from '@/shared/table/data-table'
import { Card } from '@/shared/ui/card'
import { ReportList } from './report-list'

/** A report's table: rows are already in order. */
export type ReportTableProps<Row> = DataTableProps<Row> & {
  /** The measure that stands beside a row's name on a phone, and those below it; the rest unfolds. */
  value: string
  aside: string[]
  /** Says where a row's link leads. */
  linkLabel: string
  link?: (row: Row) => LinkProps
}

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
