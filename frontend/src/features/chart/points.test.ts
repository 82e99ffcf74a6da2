import { expect, it } from 'vitest'
import { busyPart } from './points'

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
