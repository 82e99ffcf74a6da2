import { render, screen, waitFor, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import i18next from 'i18next'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { App } from '@/app/app'
import { createQueryClient } from '@/app/query-client'
import type * as model from '@/model/kinds'
import { startI18n } from '@/shared/i18n/i18n'
import { createAppRouter } from './router'

// A kind that the application has no code for: this entry, as `make generate` writes them, and its words.
vi.mock('@/model/kinds', async (original) => {
  const { kinds, ...rest } = await original<typeof model>()
  const garment: model.KindSpec = {
    document: false,
    fields: [
      { name: 'name', type: 'text', required: true, list: 'title', sort: true, search: true },
      { name: 'size', type: 'word', choices: ['small', 'large'], list: 'plain', filter: true },
      { name: 'maker_id', type: 'reference', kind: 'counterparty', list: 'line' },
      { name: 'deposit', type: 'money', list: 'value' },
      { name: 'worn_since', type: 'date' },
      {
        name: 'repairs',
        type: 'list',
        fields: [
          { name: 'done_by', type: 'reference', kind: 'employee' },
          { name: 'spent', type: 'money' },
        ],
      },
    ],
  }
  return { ...rest, kinds: { ...kinds, garment } }
})

const words = {
  kind: { garment: 'Garments' },
  one: { garment: 'Garment' },
  field: {
    size: 'Size',
    maker_id: 'Maker',
    deposit: 'Deposit',
    worn_since: 'Worn since',
    repairs: 'Repairs',
    done_by: 'Done by',
    spent: 'Spent',
  },
  word: { size: { small: 'Small', large: 'Large' } },
}

const organization = {
  id: '7d8f1c52-0b7e-4f0c-9a57-2c1f6f0f9a10',
  name: 'North',
  currency: 'USD',
  time_zone: 'Europe/Moscow',
  day_starts_at: '00:00',
  role: 'owner',
  role_name: '',
  permissions: ['directories:view', 'documents:view'],
  modules: [],
}

const apron = { name: 'Apron', size: 'large', maker_id: 'id-of-maker', deposit: 12.5 }
const time = '2026-05-25T17:03:12Z'
const item = { kind: 'garment', id: 'id-of-apron', version: 1, seq: 7, modified_at: time }
const references = { 'id-of-maker': 'Tailor & Co', 'id-of-anna': 'Anna' }

const answers: Record<string, unknown> = {
  '/auth/refresh': { access_token: 'token', expires_in: 900 },
  '/me': {
    id: 'id-of-me',
    email: 'anna@example.com',
    full_name: 'Anna',
    phone: '',
    locale: 'en',
    current_organization_id: organization.id,
    current_organization: organization,
    organizations: [organization],
  },
  '/organizations': { items: [organization], owned: 1, limit: 1 },
  '/directories/garment': {
    items: [{ ...item, name: 'Apron', archived: false, values: apron }],
    total: 1,
    references,
  },
  '/directories/garment/id-of-apron': {
    ...item,
    name: 'Apron',
    deleted: false,
    received_at: time,
    device_id: 'id-of-device',
    device_name: 'Till',
    references,
    data: {
      ...apron,
      worn_since: '2026-03-01',
      repairs: [{ done_by: 'id-of-anna', spent: 3.2 }],
      colour: 'green',
    },
  },
}

const asked: URL[] = []

beforeEach(async () => {
  asked.length = 0
  vi.stubGlobal('fetch', (request: Request | string) => {
    const url = new URL(typeof request === 'string' ? request : request.url, location.origin)
    asked.push(url)
    const path = url.pathname.replace(/^\/api\/v1(\/organizations\/[^/]+)?/, '')
    if (url.searchParams.get('format') === 'xlsx') return Promise.resolve(new Response('file'))
    const found = path in answers
    return Promise.resolve(Response.json(found ? answers[path] : {}, { status: found ? 200 : 404 }))
  })
  URL.createObjectURL = () => 'blob:file'
  await startI18n()
  await i18next.changeLanguage('en')
  await i18next.loadNamespaces('record')
  i18next.addResourceBundle('en', 'record', words, true)
})

afterEach(() => vi.unstubAllGlobals())

async function open(path: string, heading: string) {
  window.history.pushState(null, '', `/o/${organization.id}${path}`)
  const queryClient = createQueryClient()
  render(<App router={createAppRouter(queryClient)} queryClient={queryClient} />)
  await screen.findByRole('heading', { level: 1, name: heading })
}

const query = () => asked.at(-1)!.searchParams

it('is listed by its entry in the model, with names for ids and words for choices', async () => {
  await open('/directories/garment', 'Garments')
  const table = await screen.findByLabelText('Garments', { selector: 'table' })
  const [header, row] = within(table).getAllByRole('row')
  const texts = (cells: HTMLElement[]) => cells.map(({ textContent }) => textContent)
  expect(texts(within(header!).getAllByRole('columnheader')).slice(0, 4)).toEqual([
    'Name',
    'Size',
    'Maker',
    'Deposit',
  ])
  const cells = within(row!).getAllByRole('cell')
  expect(texts(cells).slice(0, 4)).toEqual(['Apron', 'Large', 'Tailor & Co', '$12.50'])
  expect(cells[3]!.className).toMatch(/numeric/)
})

it('is filtered and sorted by the fields that its entry names', async () => {
  await open('/directories/garment', 'Garments')
  await userEvent.click(await screen.findByRole('button', { name: 'Name' }))
  await waitFor(() => expect(query().get('sort')).toBe('-name'))
  await userEvent.click(await screen.findByRole('combobox', { name: 'Size' }))
  await userEvent.click(await screen.findByRole('option', { name: 'Small', hidden: true }))
  await waitFor(() => expect(query().get('size')).toBe('small'))
  expect(location.search).toContain('size=small')
})

it('opens with all its fields in words, its lists, and what the source sent beyond them', async () => {
  await open('/directories/garment/id-of-apron', 'Apron')
  const facts = await screen.findByText('Worn since')
  const shown = [...facts.closest('dl')!.children].map(({ textContent }) => textContent)
  expect(shown).toEqual([
    'NameApron',
    'SizeLarge',
    'MakerTailor & Co',
    'Deposit$12.50',
    'Worn sinceMar 1, 2026',
  ])
  const repairs = screen.getByLabelText('Repairs', { selector: 'table' })
  expect(within(repairs).getAllByRole('row')[1]!.textContent).toBe('Anna$3.20')
  expect(screen.getByText('colour').nextSibling!.textContent).toBe('green')
})

it('is exported with the filters of its list', async () => {
  await open('/directories/garment?size=large&q=apr', 'Garments')
  await userEvent.click(await screen.findByRole('button', { name: 'Download' }))
  await userEvent.click(await screen.findByRole('menuitem', { name: /XLSX/, hidden: true }))
  await waitFor(() => expect(query().get('format')).toBe('xlsx'))
  expect(asked.at(-1)!.pathname).toMatch(/\/directories\/garment$/)
  expect([query().get('size'), query().get('q'), query().get('lang')]).toEqual([
    'large',
    'apr',
    'en',
  ])
})
