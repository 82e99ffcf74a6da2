import { Box, Button, Popover, Text, UnstyledButton } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { lazy, Suspense } from 'react'
import { useTranslation } from 'react-i18next'
import { useSearchUpdate } from '../table/search'
import { IconCalendar, IconCheck, IconChevronDown } from '../ui/icons'
import { LoadingState } from '../ui/states'
import classes from './period-filter.module.css'
import { quickPeriods, type Period, type QuickPeriod } from './period'
import { usePeriod } from './use-period'
import { usePeriodText } from './use-period-text'

const RangeCalendar = lazy(() =>
  import('./range-calendar').then((module) => ({ default: module.RangeCalendar })),
)

type Props = {
  /** In force when the URL names none. */
  usual?: QuickPeriod
  /** A period has both ends: all days cannot be chosen at once. */
  bounded?: boolean
}

/** The period of a list or a report: quick ones, or any days from a calendar. It stands in the URL. */
export function PeriodFilter({ usual = 'last_30_days', bounded }: Props) {
  const { t } = useTranslation('filter')
  const [opened, { toggle, close }] = useDisclosure()
  const { name, from, to, today } = usePeriod(usual)
  const text = usePeriodText()
  const update = useSearchUpdate()
  const choose = (changes: { period?: QuickPeriod } & Period) => {
    update({ period: undefined, from: undefined, to: undefined, ...changes })
    close()
  }
  return (
    <Popover
      opened={opened}
      onDismiss={close}
      position="bottom-start"
      shadow="md"
      trapFocus
      returnFocus
      withinPortal
    >
      <Popover.Target>
        <Button
          variant="default"
          fw={500}
          onClick={toggle}
          leftSection={<IconCalendar size={18} />}
          rightSection={<IconChevronDown size={16} />}
          aria-label={t('period.label', { period: text({ name, from, to }) })}
          aria-haspopup="dialog"
        >
          {text({ name, from, to })}
        </Button>
      </Popover.Target>
      <Popover.Dropdown p="xs" className={classes.dropdown}>
        <Box className={classes.quick}>
          {quickPeriods
            .filter((quick) => quick !== 'all' || !bounded)
            .map((quick) => (
              <UnstyledButton
                key={quick}
                className={classes.choice}
                aria-pressed={quick === name}
                onClick={() => choose({ period: quick === usual ? undefined : quick })}
              >
                <span>{t(`period.${quick}`)}</span>
                {quick === name && <IconCheck size={16} />}
              </UnstyledButton>
            ))}
        </Box>
        <Box className={classes.custom}>
          <Text fw={550} fz="sm" mb={6}>
            {t('period.custom')}
          </Text>
          <Suspense fallback={<LoadingState />}>
            <RangeCalendar from={from} to={to} today={today} choose={(days) => choose(days)} />
          </Suspense>
        </Box>
      </Popover.Dropdown>
    </Popover>
  )
}
