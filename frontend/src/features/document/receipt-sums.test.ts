import { expect, it } from 'vitest'
import { receiptSums, sumMoney } from './receipt-sums'

it('adds money up without the errors of binary fractions', () => {
  expect(sumMoney([0.1, 0.2])).toBe(0.3)
  expect(sumMoney(Array.from({ length: 1000 }, () => 0.0001))).toBe(0.1)
  expect(sumMoney([])).toBe(0)
})

it('takes the total of a receipt apart', () => {
  const receipt = {
    lines: [
      { total: 270, discount: 30, tax: 24.55 },
      { total: 150, tax: 13.64 },
    ],
    discount_total: 20,
    tip: 50,
    rounding: -0.5,
    total: 449.5,
  }
  const sums = receiptSums(receipt)
  expect(sums).toEqual({
    gross: 450,
    lineDiscounts: 30,
    receiptDiscount: 20,
    serviceCharge: 0,
    taxOnTop: 0,
    tip: 50,
    rounding: -0.5,
    unexplained: 0,
    total: 449.5,
    tax: 38.19,
  })
  expect(
    sumMoney([sums.gross, -sums.lineDiscounts, -sums.receiptDiscount, sums.tip, sums.rounding]),
  ).toBe(sums.total)
})

it.each([
  ['of lines', { lines: [{ total: 10.8, tax: 0.8, tax_included: false }], total: 10.8 }, 10, 0.8],
  [
    'of lines, as the receipt says',
    { tax_included: false, lines: [{ total: 10.8, tax: 0.8 }], total: 10.8, tax_total: 0.8 },
    10,
    0.8,
  ],
  [
    'of the receipt',
    { tax_included: false, lines: [{ total: 20 }], total: 21.6, tax_total: 1.6 },
    20,
    1.6,
  ],
])('adds tax on top: %s', (_, receipt, gross, taxOnTop) => {
  expect(receiptSums(receipt)).toMatchObject({ gross, taxOnTop, tax: 0, unexplained: 0 })
})

it('tells what the total has beyond its parts', () => {
  const receipt = { lines: [{ total: 100 }], service_charge: 10, total: 113 }
  expect(receiptSums(receipt)).toMatchObject({ serviceCharge: 10, unexplained: 3 })
})

it("takes the receipt's own tax where its lines carry none", () => {
  expect(receiptSums({ lines: [{ total: 1, tax: 5 }], tax_total: 7 }).tax).toBe(5)
  expect(receiptSums({ lines: [{ total: 1 }], tax_total: 7 }).tax).toBe(7)
})
