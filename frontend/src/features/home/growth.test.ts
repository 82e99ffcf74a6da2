import { expect, it } from 'vitest'
import { growth } from './growth'

it('is the share of the difference, and nothing where there was nothing to compare with', () => {
  expect(growth(110, 100)).toBeCloseTo(0.1)
  expect(growth(50, -100)).toBeCloseTo(1.5)
  expect(growth(5, 0)).toBeNull()
  expect(growth(5, null)).toBeNull()
  expect(growth(null, 5)).toBeNull()
})
