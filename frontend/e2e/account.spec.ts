import { expect, test } from '@playwright/test'
import { expectSound } from './accessible'
import { Reader } from './guide'
import { words } from './words'

const say = words.ru
const base = () => process.env.CABINET_URL ?? ''

test('what was changed in another tab meanwhile is shown, and one chooses', async ({
  page,
}, info) => {
  const reader = new Reader(page, say, base(), `account-${info.project.name}`)
  await reader.haveAccount()
  await reader.signIn()
  await page.goto(`${base()}/accounts`)
  await page.getByRole('link', { name: /Анна Петрова/ }).click()
  const name = page.locator('#full_name')
  const phone = page.locator('#phone')
  await name.fill('Анна Первая')

  const other = await page.context().newPage()
  await other.goto(page.url())
  await other.locator('#full_name').fill('Анна Вторая')
  await other.locator('#phone').fill('+996 555 123456')
  await Promise.all([
    expect(other.getByText(say.updated)).toBeVisible(),
    other.getByRole('button', { name: say.update }).click(),
  ])
  await other.close()

  await reader.button(say.update).click()
  await expect(page.getByText('Пока Вы редактировали, это изменили')).toBeVisible()
  await expect(page.getByText('(пусто) → +996 555 123456, учтено')).toBeVisible()
  await expect(page.getByRole('radio', { name: 'Оставить моё: Анна Первая' })).toBeChecked()
  await expectSound(page, 'account that was changed in another tab')
  await Promise.all([
    expect(page.getByText(say.updated)).toBeVisible(),
    reader.button(say.update).click(),
  ])
  await page.reload()
  await expect(name).toHaveValue('Анна Первая')
  await expect(phone).toHaveValue('+996 555 123456')
})
