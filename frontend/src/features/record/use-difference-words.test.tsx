import { renderHook, waitFor } from '@testing-library/react'
import i18next from 'i18next'
import { Suspense, type ReactNode } from 'react'
import { beforeAll, describe, expect, it } from 'vitest'
import type {
  OrganizationAccess,
  RecordData,
  RecordDifference,
  RecordVersion,
} from '@/shared/api/types'
import { startI18n } from '@/shared/i18n/i18n'
import { OrganizationContext } from '@/shared/session/organization'
import { useDifferenceWords, type ChangeGroup } from './use-difference-words'

beforeAll(startI18n)

const organization = { currency: 'RUB', time_zone: 'Europe/Moscow' } as OrganizationAccess

function wrapper({ children }: { children: ReactNode }) {
  return (
    <OrganizationContext value={organization}>
      <Suspense>{children}</Suspense>
    </OrganizationContext>
  )
}

/** What a version of a record changed, one group a line. */
async function words(
  language: string,
  kind: string,
  data: RecordData,
  ...differences: RecordDifference[]
): Promise<string[]> {
  await i18next.changeLanguage(language)
  const { result } = renderHook(useDifferenceWords, { wrapper })
  await waitFor(() => expect(result.current).toBeTypeOf('function'))
  return result.current(kind, { data, differences } as unknown as RecordVersion, names).map(line)
}

const names = { 'id-of-maria': 'Мария', 'id-of-cash': 'Наличные', 'id-of-milk': 'Молоко' }

const line = ({ item, changes }: ChangeGroup) =>
  (item ? [item] : [])
    .concat(
      changes.map(({ text, before, after }) => (before ? `${text} ${before} → ${after}` : text)),
    )
    .join(' | ')
    .replaceAll(/\s/g, ' ')

const changed = (field: string, before: unknown, after: unknown): RecordDifference => ({
  field,
  change: 'changed',
  before,
  after,
})
const added = (field: string, after: unknown): RecordDifference => ({
  field,
  change: 'added',
  before: null,
  after,
})
const removed = (field: string, before: unknown): RecordDifference => ({
  field,
  change: 'removed',
  before,
  after: null,
})

describe('a difference in words', () => {
  const receipt = {
    lines: [
      { name: 'Капучино', quantity: 1, modifiers: [{ name: 'Сироп', quantity: 2 }] },
      { name: 'Чизкейк', quantity: 1, total: 250 },
    ],
    payments: [{ payment_type_id: 'id-of-cash', amount: 1150 }],
  }

  it('names fields by their labels, and writes figures as people do', async () => {
    expect(await words('ru', 'receipt', receipt, changed('total', 1200, 1150))).toEqual([
      'Итого 1 200,00 ₽ → 1 150,00 ₽',
    ])
    expect(await words('en', 'receipt', receipt, changed('total', 1200, 1150))).toEqual([
      'Total ₽1,200.00 → ₽1,150.00',
    ])
    expect(
      await words('ru', 'receipt', receipt, changed('closed_at', '2026-05-25T17:03:00Z', null)),
    ).toEqual(['Закрыт 25 мая 2026 г., 20:03 → —'])
  })

  it('gathers what changed in one line, and calls it by its name', async () => {
    const got = await words(
      'ru',
      'receipt',
      receipt,
      changed('lines[0].quantity', 2, 1),
      changed('lines[0].total', 300, 150),
      changed('lines[0].modifiers[0].quantity', 1, 2),
      changed('payments[0].amount', 1200, 1150),
    )
    expect(got).toEqual([
      'Строка «Капучино» | количество 2 → 1 | итого 300,00 ₽ → 150,00 ₽',
      'Строка «Капучино» → Модификатор «Сироп» | количество 1 → 2',
      'Оплата «Наличные» | сумма 1 200,00 ₽ → 1 150,00 ₽',
    ])
  })

  it('says which lines came and went, with the figures that tell their weight', async () => {
    expect(
      await words(
        'ru',
        'receipt',
        receipt,
        added('lines[1]', receipt.lines[1]),
        removed('lines[1]', { name: 'Эклер', quantity: 3, price: 90, discount: 0, total: 270 }),
      ),
    ).toEqual([
      'Добавлено: строка «Чизкейк», количество 1, итого 250,00 ₽ | ' +
        'Убрано: строка «Эклер», количество 3, итого 270,00 ₽',
    ])
  })

  it('names what is referred to, also what is no longer there', async () => {
    expect(await words('ru', 'receipt', receipt, removed('customer_id', 'id-of-maria'))).toEqual([
      'Клиент Мария → —',
    ])
    expect(
      await words('ru', 'product', {}, changed('unit_id', '0190a2c4-7b1e', 'id-of-milk')),
    ).toEqual(['Единица измерения 0190a2c4 → Молоко'])
    expect(
      await words(
        'ru',
        'product',
        { components: [{ product_id: 'id-of-milk' }] },
        changed('components[0].quantity', 0.1, 0.15),
      ),
    ).toEqual(['Компонент «Молоко» | количество 0,1 → 0,15'])
  })

  it('counts the lines that have no name', async () => {
    expect(
      await words(
        'en',
        'cash_shift',
        { movements: [{}, {}] },
        changed('movements[1].amount', 5, 6),
      ),
    ).toEqual(['Cash movement 2 | amount ₽5.00 → ₽6.00'])
  })

  it('says that a list is in another order', async () => {
    const moved = { field: 'lines', change: 'moved', before: null, after: null } as const
    expect(await words('ru', 'receipt', receipt, moved)).toEqual(['Строки: порядок изменён'])
  })

  it('writes words, answers and texts of the record', async () => {
    expect(
      await words(
        'ru',
        'product',
        {},
        changed('archived', false, true),
        changed('type', 'goods', 'dish'),
        changed('barcodes', ['1', '2'], ['1']),
      ),
    ).toEqual(['В архиве Нет → Да | Тип Товар → Блюдо | Штрихкоды 1, 2 → 1'])
  })

  it('leaves what the cabinet does not know as it was sent', async () => {
    expect(
      await words(
        'ru',
        'product',
        {},
        changed('x_shelf', { row: 4 }, { row: 5 }),
        changed('x.row', 4, 5),
      ),
    ).toEqual(['x_shelf {"row":4} → {"row":5} | row 4 → 5'])
  })
})
