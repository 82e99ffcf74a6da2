import { expect, test } from '@playwright/test'
import { expectSound } from './accessible'
import { Reader } from './guide'
import { words } from './words'

const say = words.ru
const base = () => process.env.CABINET_URL ?? ''
const name = 'Пекарня на углу'

test('an organization is edited, gets a new key, and is archived by its name', async ({
  page,
}, info) => {
  const reader = new Reader(page, say, base(), `organization-${info.project.name}`)
  await reader.haveAccount()
  await reader.signIn('/organizations')
  await reader.createOrganization(name)
  const first = await reader.copySyncKey()

  await test.step('the key is whole, on a phone too', async () => {
    const field = page.getByRole('textbox', { name: say.syncKey })
    expect(await field.evaluate((area) => area.scrollWidth <= area.clientWidth)).toBe(true)
    expect(await field.evaluate((area) => area.scrollHeight <= area.clientHeight)).toBe(true)
  })
  await test.step('what is no tax number, telephone or delivery time is said at the field', async () => {
    await page.locator('#tax_number').fill('abc')
    await page.locator('#phone').fill('абв')
    await reader.button(say.save).click()
    await expect(page.getByText('Номер не подходит для страны этой валюты')).toBeVisible()
    await expect(page.getByText('Укажите телефон с кодом страны')).toBeVisible()
    await page.locator('#default_delivery_minutes').fill('0')
    await reader.button(say.save).click()
    await expect(page.getByText('Слишком мало')).toBeVisible()
    await page.locator('#default_delivery_minutes').fill('60')
    await page.locator('#tax_number').fill('')
    await page.locator('#phone').fill('')
  })
  await test.step('a time zone is found by its city', async () => {
    await page.locator('#time_zone').click()
    await page.locator('#time_zone').fill('екат')
    await page.getByRole('option', { name: '(UTC+05:00) Екатеринбург' }).click()
    await expect(page.locator('#time_zone')).toHaveValue('(UTC+05:00) Екатеринбург')
    await page.locator('#time_zone').click()
    await page.locator('#time_zone').fill('moscow')
    await page.getByRole('option', { name: '(UTC+03:00) Москва' }).click()
  })
  await test.step("typed values are not lost by the browser's back button", async () => {
    await page.locator('#address').fill('Ленина, 5')
    await page.goBack()
    await page.getByRole('dialog').getByRole('button', { name: say.stay }).click()
    await expect(page.locator('#address')).toHaveValue('Ленина, 5')
  })
  await test.step('what is saved is there after a reload', async () => {
    await Promise.all([
      expect(page.getByText('Организация сохранена')).toBeVisible(), // it goes away by itself
      reader.button(say.save).click(),
    ])
    await page.reload()
    await expect(page.locator('#address')).toHaveValue('Ленина, 5')
  })
  await test.step('what somebody else has changed meanwhile is shown, and one chooses', async () => {
    await page.locator('#address').fill('Ленина, 7')
    const other = await page.context().newPage()
    await other.goto(page.url())
    await other.locator('#address').fill('Мира, 1')
    await other.locator('#legal_name').fill('ООО «Пекарня»')
    await Promise.all([
      expect(other.getByText('Организация сохранена')).toBeVisible(),
      new Reader(other, say, base(), 'other').button(say.save).click(),
    ])
    await other.close()
    await reader.button(say.save).click()
    await expect(page.getByText('Пока Вы редактировали, это изменили')).toBeVisible()
    await expect(page.getByText('(пусто) → ООО «Пекарня», учтено')).toBeVisible()
    await expect(page.getByRole('radio', { name: 'Оставить моё: Ленина, 7' })).toBeChecked()
    await expectSound(page, 'form that somebody else has changed')
    await page.getByRole('radio', { name: 'Взять сохраненное: Мира, 1' }).click()
    await expect(page.locator('#address')).toHaveValue('Мира, 1')
    await page.getByRole('radio', { name: 'Оставить моё: Ленина, 7' }).click()
    await Promise.all([
      expect(page.getByText('Организация сохранена')).toBeVisible(),
      reader.button(say.save).click(),
    ])
    await page.reload()
    await expect(page.locator('#address')).toHaveValue('Ленина, 7')
    await expect(page.locator('#legal_name')).toHaveValue('ООО «Пекарня»')
  })
  await test.step('the key is replaced once the question is answered', async () => {
    await reader.button('Заменить ключ').click()
    await expectSound(page, 'question before a new key')
    await page.getByRole('dialog').getByRole('button', { name: 'Заменить ключ' }).click()
    await expect(page.getByRole('dialog')).toBeHidden()
    expect(await reader.copySyncKey()).not.toBe(first)
  })
  await test.step('only its typed name archives it', async () => {
    await reader.button('В архив').click()
    const archive = page.getByRole('dialog').getByRole('button', { name: 'Убрать в архив' })
    await expect(archive).toBeDisabled()
    await page.getByRole('dialog').getByRole('textbox').fill(name)
    await archive.click()
    await reader.seesHeading(say.organizations)
    await expect(page.getByText(say.limit(0, 1))).toBeVisible()
  })
})

test('a long name breaks no screen, and «Выбор» chooses', async ({ page }, info) => {
  const reader = new Reader(page, say, base(), `long-${info.project.name}`)
  await reader.haveAccount()
  await reader.signIn('/organizations')
  const long = 'Объединениекафеиресторановгородаиокрестностей'.repeat(4)
  await reader.createOrganization(long)
  await page.goto(base() + '/organizations')
  await Promise.all([
    expect(page.getByText(`Теперь кабинет открывается с «${long}»`)).toBeVisible(), // it goes away by itself
    page.getByRole('button', { name: `Выбрать «${long}»` }).click(),
  ])
  await expect(page.getByText('По умолчанию')).toBeVisible()
  await expectSound(page, 'organizations with a long name')
  await page.goto(base() + '/')
  await expect(page).toHaveURL(/\/o\/[0-9a-f-]{36}/)
  await expectSound(page, 'home with a long name')
})

test('the address typed at the sign-in is carried into the reset', async ({ page }) => {
  await page.goto(base() + '/sign-in')
  await page.locator('#email').fill('anna@example.com')
  await page.getByRole('link', { name: 'Сброс пароля' }).click()
  await expect(page.locator('#email')).toHaveValue('anna@example.com')
})
