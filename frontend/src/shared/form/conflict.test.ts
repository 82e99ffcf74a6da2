import { expect, it } from 'vitest'
import { changedFields, mergedValues } from './conflict'

const before = { name: 'North', phone: '1', minutes: 60 }

it('names what somebody else has changed, and nothing of mine', () => {
  const conflict = { before, mine: { ...before, phone: '2' }, theirs: { ...before, minutes: 45 } }
  expect(changedFields(conflict)).toEqual(['minutes'])
  expect(changedFields({ ...conflict, theirs: before })).toEqual([])
})

it('takes what is stored where I have typed nothing, and keeps mine where I have', () => {
  const mine = { name: 'Mine', phone: '1', minutes: 60 }
  const theirs = { name: 'Theirs', phone: '1', minutes: 45 }
  expect(mergedValues({ before, mine, theirs })).toEqual({ name: 'Mine', phone: '1', minutes: 45 })
})
