import { describe, expect, it } from 'vitest'
import { addDays, businessDay, isDay, startOfMonth, startOfWeek } from './day'

describe('business days', () => {
  it('steps over the ends of months and leap days', () => {
    expect(addDays('2026-02-28', 1)).toBe('2026-03-01')
    expect(addDays('2028-02-28', 1)).toBe('2028-02-29')
    expect(addDays('2026-01-01', -1)).toBe('2025-12-31')
  })

  it('begins the week on Monday', () => {
    expect(startOfWeek('2026-11-23')).toBe('2026-11-23')
    expect(startOfWeek('2026-11-29')).toBe('2026-11-23')
    expect(startOfMonth('2026-11-29')).toBe('2026-11-01')
  })

  it('counts the night before the start of the day to the day before, in the zone of the organization', () => {
    const night = new Date('2026-11-23T23:30:00Z')
    expect(businessDay(night, 'Europe/Moscow')).toBe('2026-11-24')
    expect(businessDay(night, 'Europe/Moscow', '05:00')).toBe('2026-11-23')
    expect(businessDay(night, 'America/New_York')).toBe('2026-11-23')
  })

  it('knows a day that exists', () => {
    expect(isDay('2026-02-30')).toBe(false)
    expect(isDay('2026-2-3')).toBe(false)
    expect(isDay('2026-02-03')).toBe(true)
  })
})
