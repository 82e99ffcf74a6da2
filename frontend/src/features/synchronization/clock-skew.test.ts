import { expect, it } from 'vitest'
import { clockSkew } from './clock-skew'

it.each([0, 60, -60])('takes %d seconds for right', (seconds) => {
  expect(clockSkew(seconds).state).toBe('right')
})

it('tells ahead from behind', () => {
  expect(clockSkew(61)).toEqual({ state: 'ahead', by: 61 })
  expect(clockSkew(-7200)).toEqual({ state: 'behind', by: 7200 })
})
