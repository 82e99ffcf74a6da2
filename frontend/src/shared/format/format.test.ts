import { describe, expect, it } from 'vitest'
import { createFormat, dash } from './format'

const plain = (text: string) => text.replace(/[\u00a0\u202f]/g, ' ')
const russian = createFormat({ locale: 'ru', currency: 'RUB', timeZone: 'Asia/Vladivostok' })
const english = createFormat({ locale: 'en-GB', currency: 'JPY', timeZone: 'Europe/London' })

describe('formats', () => {
  it('writes money with the minor digits of its currency', () => {
    expect(plain(russian.money(1284370.5))).toBe('1 284 370,50 ₽')
    expect(plain(english.money(1284370))).toBe('¥1,284,370')
    expect(plain(russian.money(-220))).toBe('−220,00 ₽')
    expect(plain(english.growth(-0.125))).toBe('−12.5%')
    // By ISO 4217: the browser's table has no digits for the sum.
    const sums = createFormat({ locale: 'ru', currency: 'UZS', timeZone: 'Asia/Tashkent' })
    expect(plain(sums.amount(1000.4))).toBe('1 000,40')
    const dinars = createFormat({ locale: 'en-GB', currency: 'BHD', timeZone: 'Asia/Bahrain' })
    expect(dinars.amount(1.5)).toBe('1.500')
  })

  it('writes a quantity without trailing zeros', () => {
    expect(russian.quantity(0.125)).toBe('0,125')
    expect(russian.quantity(3)).toBe('3')
  })

  it('writes moments in the time zone of the organization, days as they are', () => {
    const at = '2026-11-23T20:00:00Z'
    expect(plain(russian.dateTime(at))).toContain('24 нояб. 2026')
    expect(english.time(at)).toBe('20:00')
    expect(plain(russian.day('2026-11-23'))).toContain('23 нояб. 2026')
  })

  it('writes a change with its sign', () => {
    expect(plain(english.growth(0.065))).toBe('+6.5%')
    expect(plain(english.growth(0))).toBe('0%')
  })

  it('writes how long ago', () => {
    const now = new Date('2026-11-23T20:00:00Z')
    expect(russian.relative('2026-11-23T19:55:00Z', now)).toBe('5 минут назад')
    expect(english.relative('2026-11-21T20:00:00Z', now)).toBe('2 days ago')
  })

  it('writes a dash for what is absent', () => {
    expect([russian.money(null), russian.dateTime(undefined), russian.day('')]).toEqual([
      dash,
      dash,
      dash,
    ])
  })
})
