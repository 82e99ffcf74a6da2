import { addDays, startOfMonth, startOfWeek, type Day } from '../format/day'

/** Periods that move with the current business day; `all` is every day. */
export const quickPeriods = [
  'today',
  'yesterday',
  'this_week',
  'last_7_days',
  'last_30_days',
  'this_month',
  'last_month',
  'all',
] as const

/** A period that moves with the current business day. */
export type QuickPeriod = (typeof quickPeriods)[number]

/** Business days, inclusive; an end that is left out is open. */
export type Period = { from?: Day; to?: Day }

/** How the URL names a period: by its name, or by its days. */
export type PeriodSearch = { period?: QuickPeriod; from?: Day; to?: Day }

/** The days of a named period, seen from the current business day. */
export function daysOf(name: QuickPeriod, today: Day): Period {
  const month = startOfMonth(today)
  switch (name) {
    case 'today':
      return { from: today, to: today }
    case 'yesterday':
      return { from: addDays(today, -1), to: addDays(today, -1) }
    case 'this_week':
      return { from: startOfWeek(today), to: today }
    case 'last_7_days':
      return { from: addDays(today, -6), to: today }
    case 'last_30_days':
      return { from: addDays(today, -29), to: today }
    case 'this_month':
      return { from: month, to: today }
    case 'last_month':
      return { from: startOfMonth(addDays(month, -1)), to: addDays(month, -1) }
    case 'all':
      return {}
  }
}

/** The period that the URL asks for: days win over a name; without either the usual one. */
export function periodOf(
  search: PeriodSearch,
  today: Day,
  usual: QuickPeriod,
): Period & { name?: QuickPeriod } {
  if (search.from || search.to) {
    const { from, to } = search
    // Ends the wrong way round are a slip of whoever wrote the link.
    return from && to && from > to ? { from: to, to: from } : { from, to }
  }
  const name = search.period ?? usual
  return { name, ...daysOf(name, today) }
}
