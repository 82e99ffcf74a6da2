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
