import { expect, it } from 'vitest'
import { change } from './change'

it('is the share of the difference, and nothing where there was nothing to compare with', () => {
  expect(change(110, 100)).toBeCloseTo(0.1)
  expect(change(50, -100)).toBeCloseTo(1.5)
  expect(change(5, 0)).toBeNull()
  expect(change(5, null)).toBeNull()
  expect(change(null, 5)).toBeNull()
})
