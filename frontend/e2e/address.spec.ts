import { randomUUID } from 'node:crypto'
import { expect, test, type Browser, type Page } from '@playwright/test'
import { expectSound } from './accessible'
import { Reader } from './guide'
import { raiseLimit } from './staff'
import { createOrganization, openOrganization, signInTo, type Opened } from './stocked'
import { words } from './words'

const say = words.ru
const base = () => process.env.CABINET_URL ?? ''
let north: Opened

test.beforeAll(async ({ browser }, info) => {
  north = await openOrganization(browser, base(), `address-${info.project.name}`, 'Кофейня «Север»')
})

const heading = (page: Page, name: string) =>
  expect(page.getByRole('heading', { level: 1, name })).toBeVisible()

const sees = (page: Page, organization: string) =>
  expect(page.getByRole('button', { name: `Организация: ${organization}. Сменить` })).toBeVisible()

// An account with a second organization, once support has raised its limit.
async function withTwo(browser: Browser, tag: string) {
  const account = await openOrganization(browser, base(), tag, 'Кофейня «Север»')
  await raiseLimit(account.email, 2)
  const { id } = await createOrganization(account.api, 'Кофейня «Юг»')
  type Me = { current_organization_id: string }
  return {
    ...account,
    south: { id, at: (path: string) => `${base()}/o/${id}${path}` },
    startsWith: async () => (await account.api.get<Me>('/me')).current_organization_id,
  }
}

test('old links lead to the same page of the organization one starts with', async ({ page }) => {
  await signInTo(page, north.email, `${base()}/documents/receipt?period=all&type=refund`)
  await expect(page).toHaveURL(north.at('/documents/receipt?period=all&type=refund'))
  await heading(page, 'Чеки')
  for (const path of [
    '/reports',
    '/reports/sales-by-day?period=this_month&sort=-receipts',
    '/charts?measure=receipts',
    '/directories/product?q=%D1%87%D0%B0%D0%B9',
    '/deliveries',
    '/synchronization?kind=receipt',
    `/documents/receipt/${randomUUID()}`,
  ]) {
    await page.goto(base() + path)
    await expect(page).toHaveURL(north.at(path))
  }
  await page.goto(`${base()}/`)
  await expect(page).toHaveURL(north.at(''))
  await heading(page, say.home)
})

test('each tab keeps its organization, whatever the settings say', async ({
  page,
  context,
  browser,
}, info) => {
  const tag = `tabs-${info.project.name}`
  const { email, at, south, startsWith } = await withTwo(browser, tag)
  await signInTo(page, email, at('/documents'))
  const other = await context.newPage()
  const reader = new Reader(other, say, base(), '')
  await other.goto(south.at('/reports'))
  await sees(page, 'Кофейня «Север»')
  await sees(other, 'Кофейня «Юг»')

  await test.step("the account's pages keep it too, also after a reload", async () => {
    await reader.choose(say.licenses)
    await other.reload()
    await sees(other, 'Кофейня «Юг»')
    await reader.choose(say.reports)
    await expect(other).toHaveURL(south.at('/reports'))
  })
  await test.step('the settings say where one starts', async () => {
    await reader.chooseOrganization('Кофейня «Юг»')
    await other.goto(`${base()}/`)
    await expect(other).toHaveURL(south.at(''))
    await page.reload()
    await expect(page).toHaveURL(at('/documents'))
    await sees(page, 'Кофейня «Север»')
    await page.goto(`${base()}/`)
    await expect(page).toHaveURL(south.at(''))
  })
  expect(await startsWith()).toBe(south.id)
})

test('the switcher opens the same page of another organization', async ({
  page,
  browser,
}, info) => {
  const tag = `switcher-${info.project.name}`
  const { email, at, south, startsWith } = await withTwo(browser, tag)
  const choose = async (name: string) => {
    await page.getByRole('button', { name: /^Организация: / }).click()
    await expectSound(page, 'switcher')
    await page.getByRole('menuitem', { name }).click()
  }
  await signInTo(page, email, at(`/documents/receipt?period=all&outlet_id=${randomUUID()}`))
  await choose('Кофейня «Юг»')
  await expect(page).toHaveURL(south.at('/documents/receipt?period=all'))
  await sees(page, 'Кофейня «Юг»')
  await page.goto(south.at(`/documents/receipt/${randomUUID()}`))
  await choose('Кофейня «Север»')
  await expect(page).toHaveURL(at('/documents/receipt'))
  await page.goto(`${base()}/licenses`)
  await choose('Кофейня «Юг»')
  await expect(page).toHaveURL(south.at(''))
  expect(await startsWith(), 'the switcher leaves the settings alone').not.toBe(south.id)
})

test('an organization of others is not found, like one that is not there', async ({
  page,
  browser,
}, info) => {
  const foreign = await openOrganization(
    browser,
    base(),
    `foreign-${info.project.name}`,
    'Чужая кофейня',
  )
  await signInTo(page, north.email, foreign.at('/reports'))
  await heading(page, 'Организация не найдена')
  const told = await page.locator('main').innerText()
  expect(told).not.toContain('Чужая')
  await expectSound(page, 'organization not found')
  for (const id of [randomUUID(), '17']) {
    await page.goto(`${base()}/o/${id}/reports`)
    await heading(page, 'Организация не найдена')
    expect(await page.locator('main').innerText()).toBe(told)
  }
  await page.getByRole('link', { name: 'На главную' }).click()
  await expect(page).toHaveURL(north.at(''))
})

test('a viewer sees the sections of the role, and is told why others are closed', async ({
  page,
}) => {
  await page.route('**/api/v1/me', async (route) => {
    const answer = await route.fetch()
    const me = (await answer.json()) as { organizations: object[]; current_organization: object }
    const viewer = {
      role: 'viewer',
      role_name: 'Viewer',
      permissions: ['organization:view', 'reports:view'],
    }
    for (const organization of [me.current_organization, ...me.organizations]) {
      Object.assign(organization, viewer)
    }
    await route.fulfill({ response: answer, json: me })
  })
  await signInTo(page, north.email, north.at('/reports'))
  await heading(page, say.reports)
  const reader = new Reader(page, say, base(), 'viewer')
  expect(await reader.menuEntries()).toEqual([
    say.home,
    say.reports,
    say.charts,
    say.organizations,
    say.licenses,
    say.accounts,
  ])
  await page.goto(north.at('/documents/receipt'))
  await heading(page, 'Нет доступа: Документы')
  await expect(page.getByText('Наблюдатель')).toBeVisible()
  await expectSound(page, 'closed by the role')
})
