import { expect, it } from 'vitest'
import { ticks } from './ticks'

it.each([
  [380_123, [0, 100_000, 200_000, 300_000, 400_000]],
  [7, [0, 2, 4, 6, 8]],
  [0.9, [0, 0.25, 0.5, 0.75, 1]],
])('marks an axis to %d with round steps', (max, marks) => {
  expect(ticks(max)).toEqual(marks)
})

it('never marks parts of what is counted', () => {
  expect(ticks(2, 1)).toEqual([0, 1, 2])
})

it.each([0, -5, NaN])('has marks where there is nothing: %d', (max) => {
  expect(ticks(max)).toEqual([0, 1])
})

it('always reaches the greatest value', () => {
  for (let max = 0.01; max < 1e9; max *= 1.7) expect(ticks(max).at(-1)).toBeGreaterThanOrEqual(max)
})
