import { describe, expect, it } from 'vitest'
import { currencyChoices, defaultCurrency } from './currencies'
import { offsetMinutes, timeZoneChoices } from './time-zones'

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
    const choices = timeZoneChoices(winter, 'Asia/Calcutta')
    expect(choices.map(({ value }) => value)).toContain('Asia/Calcutta')
    expect(choices.find(({ value }) => value === 'Europe/Moscow')?.label).toBe(
      '(UTC+03:00) Europe/Moscow',
    )
    const moscow = choices.findIndex(({ value }) => value === 'Europe/Moscow')
    expect(choices.findIndex(({ value }) => value === 'America/New_York')).toBeLessThan(moscow)
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
