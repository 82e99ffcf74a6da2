import { describe, expect, it } from 'vitest'
import { inKindOrder, isDocumentKind, listFieldsOf, otherFields } from './schema'

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

  it('knows the times and sums of a delivery order', () => {
    const times = { accepted_at: '2026-05-25T17:03:00Z', on_way_at: '2026-05-25T17:40:00Z' }
    expect(otherFields('delivery_order', { ...times, discount_total: 5, tip: 1 })).toEqual([])
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

describe('the columns of a list', () => {
  const names = (kind: string) => listFieldsOf(kind).map(({ name }) => name)

  it('say who and where a document is about, as its file does', () => {
    expect(names('purchase_return')).toContain('supplier_id')
    expect(names('transfer')).toEqual(
      expect.arrayContaining(['from_warehouse_id', 'to_warehouse_id']),
    )
    expect(names('delivery_order')).toEqual(
      expect.arrayContaining(['customer_name', 'promised_at', 'delivered_at']),
    )
  })

  it('begin with the title, and are none of a kind that is not known', () => {
    expect(names('product')[0]).toBe('name')
    expect(names('receipt')[0]).toBe('number')
    expect(names('spaceship')).toEqual([])
  })
})
