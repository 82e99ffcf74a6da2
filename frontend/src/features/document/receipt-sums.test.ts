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
    tip: 50,
    rounding: -0.5,
    total: 449.5,
    tax: 38.19,
  })
  expect(
    sumMoney([sums.gross, -sums.lineDiscounts, -sums.receiptDiscount, sums.tip, sums.rounding]),
  ).toBe(sums.total)
})

it("prefers the receipt's own tax to that of its lines", () => {
  expect(receiptSums({ lines: [{ total: 1, tax: 5 }], tax_total: 0 }).tax).toBe(0)
})
