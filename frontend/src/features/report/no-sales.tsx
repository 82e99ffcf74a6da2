import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useCan } from '@/model/use-access'
import { addDays } from '@/shared/format/day'
import { useFormat } from '@/shared/format/use-format'
import { usePeriod } from '@/shared/period/use-period'
import { useOrganization } from '@/shared/session/organization'
import { EmptyList } from '@/features/record/empty-list'
import { useSearchUpdate } from '@/shared/table/search'
import { Card } from '@/shared/ui/card'
import { IconCalendar } from '@/shared/ui/icons'
import { EmptyState } from '@/shared/ui/states'
import { latestReceiptOptions } from './queries'

/** No sales in the period: offers the days that have some. */
export function NoSales() {
  const { t } = useTranslation('report')
  const format = useFormat()
  const update = useSearchUpdate()
  const { to } = usePeriod()
  const open = useCan('documents')
  const latest = useQuery({ ...latestReceiptOptions(useOrganization().id), enabled: open })
  const day = latest.data?.business_day
  if (latest.data === null) return <EmptyList />
  return (
    <Card>
      <EmptyState
        icon={IconCalendar}
        title={t('none.title')}
        action={
          day &&
          to &&
          day < to && (
            <Button
              variant="default"
              mt="sm"
              onClick={() => update({ period: undefined, from: addDays(day, -29), to: day })}
            >
              {t('none.latest', { day: format.day(day) })}
            </Button>
          )
        }
      >
        {t('none.text')}
      </EmptyState>
    </Card>
  )
}
