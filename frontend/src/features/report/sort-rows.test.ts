import { expect, it } from 'vitest'
import { sortRows } from './sort-rows'

const rows = [
  { name: 'Чай 10', margin: 0.5 },
  { name: 'Чай 9', margin: null },
  { name: 'Кофе', margin: 0.7 },
]

const names = (sort: string) => sortRows(rows, sort).map(({ name }) => name)

it('sorts by figures', () => {
  expect(names('margin')).toEqual(['Чай 10', 'Кофе', 'Чай 9'])
})

it('keeps rows without the figure last when it is turned', () => {
  expect(names('-margin')).toEqual(['Кофе', 'Чай 10', 'Чай 9'])
})

it('sorts names as people read numbers in them', () => {
  expect(names('name')).toEqual(['Кофе', 'Чай 9', 'Чай 10'])
})

it('leaves the rows in their order for a key that they do not have', () => {
  expect(names('colour')).toEqual(rows.map(({ name }) => name))
})
