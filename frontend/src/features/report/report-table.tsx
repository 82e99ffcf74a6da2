import { Button, Group, Text } from '@mantine/core'
import { useSearch } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { useFormat } from '@/shared/format/use-format'
import { DataTable, usePhone } from '@/shared/table/data-table'
import { useSearchUpdate } from '@/shared/table/search'
import { Card } from '@/shared/ui/card'
import { ReportList, type ReportTableProps } from './report-list'

/** The main measures, or all, in a wide table with the first column in sight; entries that unfold on a phone. */
export function ReportTable<Row>(props: ReportTableProps<Row>) {
  const { t } = useTranslation('report')
  const format = useFormat()
  const phone = usePhone()
  const update = useSearchUpdate()
  const { all } = useSearch({ strict: false }) as { all?: true }
  return (
    <Card>
      <Group justify="space-between" gap="xs">
        <Text fz="sm" c="dimmed">
          {t('in_currency', { currency: format.currencySign })}
        </Text>
        <Button
          variant="subtle"
          size="compact-sm"
          onClick={() => update({ all: all ? undefined : true })}
        >
          {t(all ? 'columns.main' : 'columns.all')}
        </Button>
      </Group>
      {phone ? <ReportList {...props} /> : <DataTable {...props} sticky />}
    </Card>
  )
}
