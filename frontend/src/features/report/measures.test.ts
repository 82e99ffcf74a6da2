import { describe, expect, it } from 'vitest'
import { createFormat } from '@/shared/format/format'
import en from '@/locales/en/report.json'
import ru from '@/locales/ru/report.json'
import { allDayMeasures, allProductMeasures, writeMeasure } from './measures'

describe.each([...new Set([...allDayMeasures, ...allProductMeasures])])('%s', (measure) => {
  it('has a name and a formula in both languages', () => {
    for (const words of [en, ru]) {
      expect(words.measure).toHaveProperty(measure)
      expect(words.formula).toHaveProperty(measure)
    }
  })
})

it('writes money with its sign alone and without it in a table', () => {
  const format = createFormat({ locale: 'en', currency: 'USD', timeZone: 'UTC' })
  expect(writeMeasure('net_sales', format, 'alone')(1234.5)).toBe('$1,234.50')
  expect(writeMeasure('net_sales', format, 'table')(1234.5)).toBe('1,234.50')
  expect(writeMeasure('margin', format, 'table')(0.03)).toBe('3.0%')
  expect(writeMeasure('receipts', format, 'table')(1234)).toBe('1,234')
  expect(writeMeasure('average_check', format, 'table')(null)).toBe('—')
})
