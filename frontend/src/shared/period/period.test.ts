import { describe, expect, it } from 'vitest'
import { daysOf, periodOf, quickPeriods } from './period'

// A Wednesday in the first days of March of a leap year.
const today = '2028-03-01'

describe('daysOf', () => {
  it.each([
    ['today', '2028-03-01', '2028-03-01'],
    ['yesterday', '2028-02-29', '2028-02-29'],
    ['this_week', '2028-02-28', '2028-03-01'],
    ['last_7_days', '2028-02-24', '2028-03-01'],
    ['last_30_days', '2028-02-01', '2028-03-01'],
    ['this_month', '2028-03-01', '2028-03-01'],
    ['last_month', '2028-02-01', '2028-02-29'],
  ] as const)('%s is from %s to %s', (name, from, to) => {
    expect(daysOf(name, today)).toEqual({ from, to })
  })

  it('leaves both ends of all days open', () => {
    expect(daysOf('all', today)).toEqual({})
  })

  it('takes the last month of the year before in January', () => {
    expect(daysOf('last_month', '2028-01-15')).toEqual({ from: '2027-12-01', to: '2027-12-31' })
  })

  it('never starts after it ends', () => {
    for (const name of quickPeriods) {
      const { from = '', to = '' } = daysOf(name, today)
      expect(from <= to).toBe(true)
    }
  })
})

describe('periodOf', () => {
  it('is the usual period where the address names none', () => {
    expect(periodOf({}, today, 'last_7_days')).toMatchObject({
      name: 'last_7_days',
      from: '2028-02-24',
    })
  })

  it('is the named period', () => {
    expect(periodOf({ period: 'today' }, today, 'last_7_days').from).toBe(today)
  })

  it('prefers days to a name', () => {
    const search = { period: 'today', from: '2028-01-01', to: '2028-01-02' } as const
    expect(periodOf(search, today, 'today')).toEqual({ from: '2028-01-01', to: '2028-01-02' })
  })

  it('turns ends round that stand the wrong way', () => {
    const search = { from: '2028-01-09', to: '2028-01-02' }
    expect(periodOf(search, today, 'today')).toEqual({ from: '2028-01-02', to: '2028-01-09' })
  })

  it('leaves an end open that is not given', () => {
    expect(periodOf({ from: '2028-01-09' }, today, 'today')).toEqual({
      from: '2028-01-09',
      to: undefined,
    })
  })
})
