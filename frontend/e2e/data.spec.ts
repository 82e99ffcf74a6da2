import { readFile } from 'node:fs/promises'
import { expect, test, type Page } from '@playwright/test'
import { expectSound } from './accessible'
import { openAs, openStocked, type Stocked } from './stocked'

const base = () => process.env.CABINET_URL ?? ''
let stocked: Stocked

test.beforeAll(async ({ browser }, info) => {
  stocked = await openStocked(browser, base(), `data-${info.project.name}`)
})

const heading = (page: Page, name: string | RegExp) =>
  expect(page.getByRole('heading', { level: 1, name })).toBeVisible()
const money = (value: number) =>
  new Intl.NumberFormat('ru-RU', { style: 'currency', currency: 'RUB' })
    .format(value)
    .replace('-', '\u2212')
const rows = (page: Page) => page.locator('main tbody tr, main li:has(a), main details')

async function download(page: Page, format: string): Promise<{ name: string; text: string }> {
  const coming = page.waitForEvent('download')
  await page.getByRole('button', { name: /^(Скачать|Download)$/ }).click()
  await page.getByRole('menuitem', { name: format }).click()
  const file = await coming
  return { name: file.suggestedFilename(), text: await readFile(await file.path(), 'utf8') }
}

type List<T> = { items: T[]; total: number; sums: { total: number } }
type Item = { id: string; number: string; total: number }

test('directories: found, filtered, opened, exported', async ({ page }) => {
  await openAs(page, stocked, '/directories')
  await heading(page, 'Справочники')
  await page.getByRole('link', { name: 'Товары и блюда' }).click()
  await heading(page, 'Товары и блюда')
  const { total } = await stocked.get<List<Item>>('directories/product?limit=1')
  await expect(page.getByText(new RegExp(`^${total} `))).toBeVisible()

  await test.step('the search stands in the address and survives the way back', async () => {
    await page.getByRole('searchbox').fill('капучино')
    await expect(page).toHaveURL(/q=/)
    await expect(rows(page).first()).toContainText(/капучино/i)
    await rows(page).first().getByRole('link').click()
    await heading(page, /капучино/i)
    await expectSound(page, 'product')
    await page.getByRole('link', { name: 'Товары и блюда' }).click()
    await expect(page.getByRole('searchbox')).toHaveValue('капучино')
  })
  await test.step('the file holds what the screen shows', async () => {
    const file = await download(page, 'CSV')
    expect(file.name).toMatch(/\.csv$/)
    expect(file.text.toLowerCase()).toContain('капучино')
    expect(file.text.toLowerCase()).not.toContain('авокадо')
  })
  await test.step('what is not there is said, with a way on', async () => {
    await page.getByRole('searchbox').fill('нет такого товара')
    await page.getByRole('button', { name: 'Сбросить фильтры' }).click()
    await expect(rows(page).first()).toBeVisible()
    await page.goto(stocked.at('/directories/product/00000000-0000-4000-8000-000000000000'))
    await expect(page.getByText('Не найдено')).toBeVisible()
  })
})

test('documents: the list adds up, a refund and its receipt lead to each other', async ({
  page,
}) => {
  await openAs(page, stocked, '/documents/receipt?period=all')
  const all = await stocked.get<List<Item>>('documents/receipt?limit=1')
  await expect(page.getByText(money(all.sums.total))).toBeVisible()

  await test.step('a refund shows what it gives back', async () => {
    const refunds = await stocked.get<List<Item>>('documents/receipt?type=refund&limit=1')
    await page.getByRole('combobox', { name: 'Тип' }).click()
    await page.getByRole('option', { name: 'Возврат' }).click()
    await expect(page).toHaveURL(/type=refund/)
    await expect(page.getByText(money(refunds.sums.total))).toBeVisible()
    const refund = refunds.items[0]!
    await page.getByRole('link', { name: refund.number }).click()
    await heading(page, `Чек № ${refund.number}`)
    await expect(page.getByText('Возвращено')).toBeVisible()
    await expect(page.getByText(money(refund.total)).first()).toBeVisible()
    await expectSound(page, 'refund')
    const original = page.locator('div:has(> dt:text-is("Возврат по чеку"))').getByRole('link')
    await original.click()
    await expect(page.getByText('Возвраты по этому чеку')).toBeVisible()
    await page.getByRole('link', { name: refund.number }).click()
    await heading(page, `Чек № ${refund.number}`)
  })
  await test.step('a period without documents offers all of them', async () => {
    await page.goto(stocked.at('/documents/receipt?from=2019-01-01&to=2019-01-02'))
    await page.getByRole('button', { name: 'Показать за всё время' }).click()
    await expect(page.getByText(money(all.sums.total))).toBeVisible()
  })
  await test.step('a period is chosen by its name', async () => {
    await page.getByRole('button', { name: /^Период/ }).click()
    await expect(page.getByRole('button', { name: 'Предыдущий месяц' })).toBeVisible()
    await expectSound(page, 'period')
    await page.getByRole('button', { name: '7 дней' }).click()
    await expect(page).toHaveURL(/period=last_7_days/)
  })
})

test('history: what was changed in a closed receipt is told in words', async ({ page }) => {
  type Line = { name: string; note?: string }
  type Receipt = { total: number; tip?: number; lines: Line[]; payments: { amount: number }[] }
  const { items } = await stocked.get<List<Item>>(
    'documents/receipt?type=sale&status=closed&limit=1',
  )
  const { id, number } = items[0]!
  const { data } = await stocked.get<{ data: Receipt }>(`documents/receipt/${id}`)
  const { total, tip = 0, lines, payments } = data
  await openAs(page, stocked, `/documents/receipt/${id}`)
  await heading(page, `Чек № ${number}`)
  await expect(page.getByText('Запись не менялась с тех пор, как пришла.')).toBeVisible()

  const [line, ...others] = lines
  const changed: Receipt = {
    ...data,
    total: total + 50,
    tip: tip + 50,
    lines: [{ ...line!, note: 'без сахара' }, ...others],
    payments: [{ ...payments[0]!, amount: payments[0]!.amount + 50 }, ...payments.slice(1)],
  }
  await stocked.push([
    { kind: 'receipt', id, modified_at: new Date().toISOString(), data: changed },
  ])
  await page.reload()
  const history = page.locator('section', { hasText: 'История изменений' })
  const newest = history.getByRole('listitem').filter({ hasText: 'Изменено' })
  await expect(newest).toContainText(`Итого: ${money(total)} → ${money(total + 50)}`)
  await expect(newest).toContainText(`Строка «${line!.name}»: примечание — → без сахара`)
  await expect(newest).toContainText(/Оплата «.+»: сумма/)
  await expect(history.getByText('Создано')).toBeVisible()
  await newest.getByText('Подробности').click()
  await newest.getByRole('button', { name: 'Копировать хеш цепочки версии 2' }).click()
  await expect
    .poll(() => page.evaluate(() => navigator.clipboard.readText()))
    .toMatch(/^[0-9a-f]{64}$/)
  await expectSound(page, 'history')
})

test('reports: the figures are those of the API, each leads to its receipts', async ({
  page,
}, info) => {
  await openAs(page, stocked, '/reports')
  await page.getByRole('link', { name: 'Продажи по дням' }).click()
  await heading(page, 'Продажи по дням')
  type Row = { day: string; receipts: number }
  const report = await stocked.get<{ rows: Row[]; totals: { net_sales: number } }>(
    'reports/sales-by-day',
  )
  await expect(page.getByText(money(report.totals.net_sales)).first()).toBeVisible()
  await expectSound(page, 'sales by day')

  await test.step('a figure says how it is made', async () => {
    await page
      .getByRole('button', { name: /^Чистая выручка: / })
      .first()
      .click()
    await expect(page.getByText('Валовая выручка − скидки − возвраты.')).toBeVisible()
    await page.keyboard.press('Escape')
  })
  await test.step('the best day leads to its receipts', async () => {
    const best = report.rows.reduce((a, b) => (b.receipts > a.receipts ? b : a))
    const ofBest = new RegExp(`from=${best.day}`)
    if (info.project.name === 'phone') {
      await page.getByRole('combobox', { name: 'Сортировка' }).click()
      await page.getByRole('option', { name: 'Чеки, по убыванию' }).click()
      const first = page.locator('details').nth(1)
      await expect(first.locator('a').first()).toHaveAttribute('href', ofBest)
      await first.click()
      await page.getByRole('link', { name: 'Чеки этого дня' }).first().click()
    } else {
      await page.getByRole('button', { name: 'Чеки', exact: true }).click()
      await expect(page).toHaveURL(/sort=-receipts/)
      await expect(page.locator('tbody a').first()).toHaveAttribute('href', ofBest)
      await page.locator('tbody a').first().click()
    }
    await expect(page).toHaveURL(new RegExp(`from=${best.day}&to=${best.day}`))
    await heading(page, 'Чеки')
  })
  await test.step('products and their shares', async () => {
    await page.goto(stocked.at('/reports/sales-by-product'))
    await heading(page, 'Продажи по товарам')
    await expect(page.getByText(money(report.totals.net_sales)).first()).toBeVisible()
    const file = await download(page, 'XLSX')
    expect(file.name).toMatch(/^sales-by-product.*\.xlsx$/)
  })
  await test.step('a period without sales offers one with sales', async () => {
    await page.goto(stocked.at('/reports/sales-by-day?from=2035-01-01&to=2035-01-07'))
    await page.getByRole('button', { name: /^Показать 30 дней/ }).click()
    await expect(page.getByText(money(report.totals.net_sales)).first()).toBeVisible()
  })
})

test('charts: pictures with the same numbers as tables', async ({ page }) => {
  await openAs(page, stocked, '/charts')
  await expect(page.locator('.recharts-bar-rectangle').first()).toBeVisible()
  await page.getByText('Чеки', { exact: true }).click()
  await expect(page).toHaveURL(/measure=receipts/)
  const { totals } = await stocked.get<{ totals: { receipts: number } }>('reports/sales-by-day')
  const written = new Intl.NumberFormat('ru-RU').format(totals.receipts)
  await expect(page.getByText(`Чеки за период: ${written}`)).toBeVisible()
  await page.getByText('Таблица', { exact: true }).first().click()
  await expect(rows(page).first()).toBeVisible()
  await expectSound(page, 'chart as a table')
})

test('synchronization: a refusal is told in words, and heals by itself', async ({ page }) => {
  const unit = {
    kind: 'unit',
    id: '5b6d3c1e-0f4a-4d0e-8f2b-7a9c1d2e3f40',
    modified_at: new Date().toISOString(),
  }
  await openAs(page, stocked, '/synchronization')
  await expect(page.getByText('Отклонённых записей нет')).toBeVisible()

  await test.step('it appears without a reload', async () => {
    await stocked.push([{ ...unit, data: { name: 5, short_name: 'бут' } }])
    await expect(page.getByText('«Название»: недопустимое значение')).toBeVisible({
      timeout: 30_000,
    })
    await page.getByText('Данные, как пришли').click()
    await expect(page.getByText('"short_name": "бут"')).toBeVisible()
    await expectSound(page, 'rejection')
  })
  await test.step('it is dismissed after a question, and comes back when it is sent again', async () => {
    await page.getByRole('button', { name: /^Скрыть: / }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Скрыть' }).click()
    await expect(page.getByText('Отклонённых записей нет')).toBeVisible()
    await stocked.push([{ ...unit, data: { name: 5, short_name: 'бут' } }])
    await expect(page.getByText('«Название»: недопустимое значение')).toBeVisible({
      timeout: 30_000,
    })
  })
  await test.step('the source mends it', async () => {
    await stocked.push([{ ...unit, data: { name: 'Бутылка', short_name: 'бут' } }])
    await expect(page.getByText('Отклонённых записей нет')).toBeVisible({ timeout: 30_000 })
  })
})

const said = {
  ru: {
    bases: 'Локальные базы',
    products: 'Товары и блюда',
    group: 'Группа: — → Сезонное (удалено)',
    remarks: 'Замечания',
    remark: { payments_mismatch: 'Оплаты не равны итогу', total_mismatch: 'Итог не сходится' },
  },
  en: {
    bases: 'Local databases',
    products: 'Products and dishes',
    group: 'Group: — → Сезонное (deleted)',
    remarks: 'Remarks',
    remark: {
      payments_mismatch: 'Payments differ from the total',
      total_mismatch: 'The total does not add up',
    },
  },
} as const

for (const language of ['ru', 'en'] as const) {
  const words = said[language]
  test.describe(`what comes from local databases, ${language}`, () => {
    test.use({ locale: language })

    test('each database says what came from it', async ({ page }) => {
      type Source = { name: string; devices: { name: string }[]; kinds: { records: number }[] }
      const { items } = await stocked.get<{ items: Source[] }>('sync/sources')
      expect(items).toHaveLength(1)
      await openAs(page, stocked, '/synchronization')
      const card = page.locator('section', {
        has: page.getByRole('heading', { name: words.bases, exact: true }),
      })
      const { name, devices, kinds } = items[0]!
      await expect(card).toContainText(name)
      await expect(card).toContainText(devices[0]!.name)
      expect(kinds.length).toBeGreaterThan(5)
      for (const { records } of kinds) {
        await expect(card).toContainText(new Intl.NumberFormat(language).format(records))
      }
      await expect(card).toContainText(words.products)
      await expectSound(page, `databases (${language})`)
    })

    test('files have the remarks that the list shows', async ({ page }) => {
      await openAs(page, stocked, '/documents/receipt?period=all&remarked=true')
      type Remarked = { number: string; remarks: { code: string }[] }
      const { items } = await stocked.get<List<Remarked>>('documents/receipt?remarked=true')
      const file = (await download(page, 'CSV')).text
      expect(file.split('\n')[0]).toContain(words.remarks)
      const code = (['payments_mismatch', 'total_mismatch'] as const).find((known) =>
        items.some(({ remarks }) => remarks.some((remark) => remark.code === known)),
      )
      expect(code, 'the demo has documents that do not add up').toBeDefined()
      expect(file).toContain(words.remark[code!])
    })

    test('a history marks the name of a deleted record', async ({ page }) => {
      const [group, product] = [crypto.randomUUID(), crypto.randomUUID()]
      const at = (second: number) => new Date(Date.now() - 60_000 + second * 1000).toISOString()
      const data = { name: 'Тыквенный раф', type: 'goods', price: 350 }
      await stocked.push([
        { kind: 'product_group', id: group, modified_at: at(0), data: { name: 'Сезонное' } },
        { kind: 'product', id: product, modified_at: at(1), data },
      ])
      await stocked.push([
        { kind: 'product', id: product, modified_at: at(2), data: { ...data, group_id: group } },
        { kind: 'product_group', id: group, modified_at: at(3), deleted: true },
      ])
      await openAs(page, stocked, `/directories/product/${product}`)
      await expect(page.getByRole('listitem').getByText(words.group)).toBeVisible()
      await expectSound(page, `history of a deleted name (${language})`)
    })
  })
}

const first = async (path: string) =>
  `/${path}/${(await stocked.get<List<Item>>(`${path}?limit=1`)).items[0]!.id}`
const screens = {
  directories: async () => [
    '/directories',
    '/directories/product?archived=all',
    '/directories/customer',
    await first('directories/hall'),
    '/directories/unheard-of',
  ],
  documents: async () => [
    '/documents',
    '/documents/receipt?period=all',
    await first('documents/receipt'),
    await first('documents/cash_shift'),
    await first('documents/purchase'),
    await first('documents/write_off'),
  ],
  reports: async () => [
    '/reports',
    '/reports/sales-by-day',
    '/reports/sales-by-product',
    '/charts',
    '/synchronization',
    '/deliveries',
  ],
}

for (const [language, colorScheme] of [
  ['ru', 'light'],
  ['en', 'dark'],
] as const) {
  test.describe(`every screen of data, ${language}, ${colorScheme}`, () => {
    test.use({ locale: language, colorScheme })

    for (const [group, listed] of Object.entries(screens)) {
      test(`${group} are accessible and as wide as their window`, async ({ page }) => {
        const paths = await listed()
        await openAs(page, stocked, paths[0]!)
        for (const path of paths) {
          await page.goto(stocked.at(path))
          await expect(page.locator('main h1')).toBeVisible()
          await expect(page.locator('html')).toHaveAttribute('lang', language)
          await expect(page.getByRole('status', { name: /Загрузка|Loading/ })).toHaveCount(0)
          await expectSound(page, `${path} (${language})`)
        }
      })
    }
  })
}
