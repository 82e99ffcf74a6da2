import { MantineProvider } from '@mantine/core'
import {
  createMemoryHistory,
  createRootRoute,
  createRouter,
  RouterProvider,
  useSearch,
} from '@tanstack/react-router'
import { render, screen, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import i18next from 'i18next'
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { startI18n } from '../i18n/i18n'
import { DataTable, type Column } from './data-table'
import { search, text } from './search'

beforeAll(async () => {
  await startI18n()
  await i18next.changeLanguage('en')
})

type Dish = { id: string; name: string; price: number; note: string }

const dishes: Dish[] = [
  { id: 'a', name: 'Tea', price: 120, note: 'hot' },
  { id: 'b', name: 'Cake', price: 250, note: 'sweet' },
]

const columns: Column<Dish>[] = [
  {
    key: 'name',
    header: 'Dish',
    sortable: true,
    phone: 'title',
    cell: ({ name }) => <b>{name}</b>,
  },
  {
    key: 'price',
    header: 'Price',
    sortable: true,
    numeric: true,
    phone: 'value',
    cell: ({ price }) => `$${price}`,
    footer: '$370',
  },
  { key: 'note', header: 'Note', phone: 'hidden', cell: ({ note }) => note },
]

function Menu() {
  const { sort } = useSearch({ strict: false }) as { sort?: string }
  return (
    <DataTable caption="Menu" columns={columns} rows={dishes} rowKey={({ id }) => id} sort={sort} />
  )
}

/** Shows the table at an address, and says where the router stands. */
async function show(address: string) {
  const root = createRootRoute({
    validateSearch: search((raw) => ({ sort: text(raw.sort), cursor: text(raw.cursor) })),
    component: Menu,
  })
  const router = createRouter({
    routeTree: root,
    history: createMemoryHistory({ initialEntries: [address] }),
  })
  render(
    <MantineProvider>
      <RouterProvider router={router as never} />
    </MantineProvider>,
  )
  await screen.findByLabelText('Menu')
  return () => router.state.location.search
}

const sortBy = (name: string) => userEvent.click(screen.getByRole('button', { name }))

describe('a wide table', () => {
  it('stands in the order of its rows, figures at the right, with a row of totals', async () => {
    await show('/')
    const [, tea, cake, totals] = screen.getAllByRole('row')
    expect(tea!.textContent).toBe('Tea$120hot')
    expect(cake!.textContent).toBe('Cake$250sweet')
    expect(totals!.textContent).toBe('$370')
    const [name, price] = within(tea!).getAllByRole('cell')
    expect(name!.className).not.toMatch(/numeric/)
    expect(price!.className).toMatch(/numeric/)
  })

  it('sorts names from the first, figures from the greatest, and turns the order at a further click', async () => {
    const place = await show('/?cursor=abc')
    await sortBy('Dish')
    expect(place()).toEqual({ sort: 'name' })
    await sortBy('Dish')
    expect(place()).toEqual({ sort: '-name' })
    await sortBy('Price')
    expect(place()).toEqual({ sort: '-price' })
    await sortBy('Price')
    expect(place()).toEqual({ sort: 'price' })
    expect(screen.queryByRole('button', { name: 'Note' })).toBeNull()
  })

  it('keeps its cells when it is drawn again', async () => {
    await show('/')
    const cake = screen.getByText('Cake')
    await sortBy('Price')
    expect(screen.getByText('Cake')).toBe(cake)
  })

  it('tells screen readers the order in force', async () => {
    await show('/?sort=-price')
    const sorted = screen.getAllByRole('columnheader').map((th) => th.getAttribute('aria-sort'))
    expect(sorted).toEqual([null, 'descending', null])
  })
})

describe('a table on a phone', () => {
  afterEach(() => vi.restoreAllMocks())

  it('is a list: title and value first, nothing of what is hidden, the order in a field', async () => {
    const wide = window.matchMedia
    vi.spyOn(window, 'matchMedia').mockImplementation((query) => ({
      ...wide(query),
      matches: query.includes('max-width'),
    }))
    const place = await show('/?sort=name')
    const [tea, , totals] = screen.getAllByRole('listitem')
    expect(tea!.textContent).toBe('Tea$120')
    expect(totals!.textContent).toBe('Price$370')
    await userEvent.click(await screen.findByRole('combobox', { name: 'Sort' }))
    await userEvent.click(screen.getByRole('option', { name: 'Price, descending', hidden: true }))
    expect(place()).toEqual({ sort: '-price' })
  })
})
