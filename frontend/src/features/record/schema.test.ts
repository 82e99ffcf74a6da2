import { describe, expect, it } from 'vitest'
import en from '@/locales/en/record.json'
import ru from '@/locales/ru/record.json'
import { fieldsOf, inKindOrder, isDocumentKind, otherFields, type Field, type Kind } from './schema'

const kinds = Object.keys(en.kind) as Kind[]

const names = (fields: Field[]): string[] =>
  fields.flatMap(({ name, fields: inner }) => [name, ...names(inner ?? [])])

describe.each(['en', 'ru'] as const)('the words of %s', (language) => {
  const words = { en, ru }[language]

  it.each(kinds)('name all fields of %s', (kind) => {
    expect(fieldsOf(kind).length).toBeGreaterThan(0)
    for (const name of names(fieldsOf(kind))) expect(words.field).toHaveProperty(name)
  })

  it.each(kinds)('name %s itself and say what it is for', (kind) => {
    expect(words.kind).toHaveProperty(kind)
    expect(words.one).toHaveProperty(kind)
    expect(words.about).toHaveProperty(kind)
  })
})

describe('otherFields', () => {
  it('finds what the kind does not name, also inside lists', () => {
    const product = {
      name: 'Чай',
      type: 'goods',
      lid: 'red',
      components: [{ product_id: 'a', quantity: 1, stage: 'cold' }],
    }
    expect(otherFields('product', product)).toEqual([
      ['lid', 'red'],
      ['components[0].stage', 'cold'],
    ])
  })

  it('takes the identifiers of list items for known', () => {
    expect(otherFields('hall', { name: 'Зал', tables: [{ id: 'a', name: '1' }] })).toEqual([])
  })

  it('shows every field of a kind that is not known', () => {
    expect(otherFields('spaceship', { crew: 3 })).toEqual([['crew', 3]])
  })
})

describe('kinds', () => {
  it('are documents or directories', () => {
    expect(isDocumentKind('receipt')).toBe(true)
    expect(isDocumentKind('product')).toBe(false)
    expect(isDocumentKind('toString')).toBe(false)
  })

  it('stand in the order of use, new ones last', () => {
    const items = ['spaceship', 'cash_shift', 'unit', 'receipt', 'product'].map((kind) => ({
      kind,
    }))
    expect(inKindOrder(items).map(({ kind }) => kind)).toEqual([
      'product',
      'unit',
      'receipt',
      'cash_shift',
      'spaceship',
    ])
  })
})
