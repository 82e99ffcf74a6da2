import { useSearch } from '@tanstack/react-router'
import { businessDay, type Day } from '../format/day'
import { useOrganization } from '../session/organization'
import { periodOf, type PeriodSearch, type QuickPeriod } from './period'

/** The organization's current business day. */
export function useToday(): Day {
  const { time_zone, day_starts_at } = useOrganization()
  return businessDay(new Date(), time_zone, day_starts_at)
}

/** The period in the URL; without one, the usual. */
export function usePeriod(usual: QuickPeriod = 'last_30_days') {
  const search = useSearch({ strict: false }) as PeriodSearch
  const today = useToday()
  return { today, ...periodOf(search, today, usual) }
}
