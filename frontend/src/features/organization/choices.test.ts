import { describe, expect, it } from 'vitest'
import { currencyChoices, defaultCurrency } from './currencies'
import { filterChoices, offsetMinutes, timeZoneChoices } from './time-zones'

const winter = new Date('2026-01-15T12:00:00Z')
const summer = new Date('2026-07-15T12:00:00Z')

describe('time zones', () => {
  it('follow summer time', () => {
    expect(offsetMinutes('Europe/Berlin', winter)).toBe(60)
    expect(offsetMinutes('Europe/Berlin', summer)).toBe(120)
    expect(offsetMinutes('America/St_Johns', winter)).toBe(-210)
    expect(offsetMinutes('UTC', winter)).toBe(0)
  })

  it('stand from west to east and keep a zone that this browser does not list', () => {
    const choices = timeZoneChoices('en', winter, 'Asia/Calcutta')
    expect(choices.map(({ value }) => value)).toContain('Asia/Calcutta')
    expect(choices.find(({ value }) => value === 'Europe/Moscow')?.label).toBe('(UTC+03:00) Moscow')
    const moscow = choices.findIndex(({ value }) => value === 'Europe/Moscow')
    expect(choices.findIndex(({ value }) => value === 'America/New_York')).toBeLessThan(moscow)
  })
})

describe('a time zone', () => {
  const russian = timeZoneChoices('ru', winter, 'US/Pacific')
  const found = (typed: string) => filterChoices(russian, typed).map(({ label }) => label)

  it('is found by its city in either language, by its name and by its offset', () => {
    for (const typed of ['екат', 'ЕКАТЕРИНБУРГ', 'yekat', 'asia/yekat', '+05:00']) {
      expect(found(typed), typed).toContain('(UTC+05:00) Екатеринбург')
    }
    expect(found('new york')).toEqual(['(UTC−05:00) Нью-Йорк'])
    expect(found('берлин')).toEqual(['(UTC+01:00) Берлин'])
    expect(found('нигде')).toEqual([])
  })

  it('that is no place keeps its name', () => {
    expect(found('utc')).toContain('(UTC+00:00) UTC')
    expect(found('us/pac')).toEqual(['(UTC−08:00) US/Pacific'])
  })

  it('has a city wherever the browser knows it as a place', () => {
    const nameless = timeZoneChoices('ru', winter, '').filter(({ label, value }) =>
      label.endsWith(value),
    )
    expect(nameless.map(({ value }) => value)).toEqual(['UTC'])
  })
})

describe('currencies', () => {
  it('are named in the language of the interface', () => {
    expect(currencyChoices('ru', '').find(({ value }) => value === 'RUB')?.label).toBe(
      'RUB · российский рубль',
    )
  })

  it('are those that one can pay with, and one to keep', () => {
    const codes = currencyChoices('en', 'RUR').map(({ value }) => value)
    expect(codes).toEqual(expect.arrayContaining(['EUR', 'UZS', 'XCG', 'RUR']))
    for (const code of ['DEM', 'XAU', 'XXX', 'CHE']) expect(codes).not.toContain(code)
  })

  it("start with that of the browser's region", () => {
    expect(defaultCurrency(['ru'])).toBe('RUB')
    expect(defaultCurrency(['kk-KZ', 'ru'])).toBe('KZT')
    expect(defaultCurrency(['is-IS'])).toBe('')
  })
})
