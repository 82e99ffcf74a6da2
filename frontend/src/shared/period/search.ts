import { day, oneOf, type RawSearch } from '../table/search'
import { quickPeriods } from './period'

/** The search parameters of a route with a period. */
export const periodSearch = (raw: RawSearch) => ({
  period: oneOf(quickPeriods)(raw.period),
  from: day(raw.from),
  to: day(raw.to),
})
