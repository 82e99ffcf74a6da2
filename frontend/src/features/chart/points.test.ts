import { expect, it } from 'vitest'
import { busyPart, monthsOf } from './points'

const hours = (receipts: number[]) => receipts.map((count) => ({ receipts: count, refunds: 0 }))

it('cuts the empty night off at both ends', () => {
  expect(busyPart(hours([0, 0, 3, 0, 2, 0]))).toEqual(hours([3, 0, 2]))
})

it('keeps an hour that has refunds alone', () => {
  expect(busyPart([{ receipts: 0, refunds: 10 }])).toHaveLength(1)
})

it('is empty where nothing was sold', () => {
  expect(busyPart(hours([0, 0]))).toEqual([])
})

it('adds days up to months, and makes averages of the sums', () => {
  const days = [
    { day: '2026-04-30', net_sales: 10, receipts: 1 },
    { day: '2026-05-01', net_sales: 30, receipts: 3 },
    { day: '2026-05-31', net_sales: 70, receipts: 2 },
    { day: '2026-06-01', net_sales: 0, receipts: 0 },
  ]
  expect(monthsOf(days)).toEqual([
    { month: '2026-04', net_sales: 10, receipts: 1, average_check: 10 },
    { month: '2026-05', net_sales: 100, receipts: 5, average_check: 20 },
    { month: '2026-06', net_sales: 0, receipts: 0, average_check: null },
  ])
})
