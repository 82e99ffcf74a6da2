import '@mantine/dates/styles.css'
import 'dayjs/locale/ru'
import { Button, Stack } from '@mantine/core'
import { DatePicker, DatesProvider } from '@mantine/dates'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Day } from '../format/day'
import { useFormat } from '../format/use-format'
import type { Period } from './period'

type Props = Period & {
  today: Day
  choose: (days: Required<Period>) => void
}

/** A calendar for the first and the last day of a period. Import it lazily. */
export function RangeCalendar({ from, to, today, choose }: Props) {
  const { t, i18n } = useTranslation('filter')
  const format = useFormat()
  const [range, setRange] = useState<[Day | null, Day | null]>([from ?? null, to ?? null])
  const [first, last] = range
  return (
    <DatesProvider settings={{ locale: i18n.language, firstDayOfWeek: 1, weekendDays: [] }}>
      <Stack gap="xs" align="center">
        <DatePicker
          type="range"
          allowSingleDateInRange
          hideOutsideDates
          value={range}
          onChange={setRange}
          defaultDate={to ?? today}
          maxDate={today}
          ariaLabels={{
            previousMonth: t('period.previous_month'),
            nextMonth: t('period.next_month'),
            previousYear: t('period.previous_year'),
            nextYear: t('period.next_year'),
            monthLevelControl: t('period.choose_month'),
            yearLevelControl: t('period.choose_year'),
          }}
        />
        <Button
          size="sm"
          fullWidth
          disabled={!first || !last}
          onClick={() => first && last && choose({ from: first, to: last })}
        >
          {first && last
            ? t('period.show', { days: format.dayRange(first, last) })
            : t('period.pick')}
        </Button>
      </Stack>
    </DatesProvider>
  )
}
