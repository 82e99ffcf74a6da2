import { expect, it } from 'vitest'
import { fieldPath } from './field-path'

it('takes a path apart at dots and brackets', () => {
  expect(fieldPath('lines[2].modifiers[0].price')).toEqual([
    { name: 'lines', index: 2 },
    { name: 'modifiers', index: 0 },
    { name: 'price' },
  ])
})

it('has no steps for the record as a whole', () => {
  expect(fieldPath('')).toEqual([])
})

it('leaves what it does not understand as it is', () => {
  expect(fieldPath('a[b]')).toEqual([{ name: 'a[b]' }])
})
