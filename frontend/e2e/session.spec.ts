import { expect, test } from '@playwright/test'
import { expectSound } from './accessible'
import { password, Reader } from './guide'
import { linkFor } from './letters'
import { words } from './words'

const say = words.ru
const base = () => process.env.CABINET_URL ?? ''

test('a session outlives its access token and ends in every tab', async ({
  page,
  context,
}, info) => {
  const reader = new Reader(page, say, base(), `session-${info.project.name}`)
  await reader.haveAccount()
  await page.clock.install()
  await reader.signIn()
  await reader.seesHeading(say.home)

  await page.clock.fastForward('20:00')
  await reader.choose(say.organizations)
  await expect(page.getByText(say.limit(0, 1))).toBeVisible()

  const other = await context.newPage()
  await other.goto(`${base()}/licenses`)
  await expect(other.getByRole('heading', { level: 1, name: say.licenses })).toBeVisible()
  await reader.signOut()
  await expect(other.getByRole('heading', { level: 1, name: say.signInTitle })).toBeVisible()
})

test('a sign-in that can not be is told apart', async ({ page }, info) => {
  const reader = new Reader(page, say, base(), `refused-${info.project.name}`)
  await page.request.post(`${base()}/api/v1/auth/register`, {
    data: { email: reader.email, password, full_name: reader.name },
  })
  await reader.open('/sign-in')
  await page.locator('#email').fill(reader.email)
  await page.locator('#password').fill('не тот пароль')
  await reader.button(say.signIn).click()
  await expect(page.getByRole('alert')).toContainText('Неверная почта или пароль')
  await page.locator('#password').fill(password)
  await reader.button(say.signIn).click()
  await expect(page.getByRole('alert')).toContainText('не подтверждена')
  await expect(reader.button('Отправить письмо ещё раз')).toBeVisible()
  await expectSound(page, 'refused sign-in')

  for (let guess = 0; guess < 10; guess++) {
    await page.request.post(`${base()}/api/v1/auth/login`, {
      data: { email: reader.email, password: `догадка ${guess}` },
    })
  }
  await reader.button(say.signIn).click()
  await expect(page.getByRole('alert')).toContainText(/Слишком много попыток.*осталось \d+ с/)
  await expectSound(page, 'throttled sign-in')
  await page.getByRole('link', { name: 'Задать новый пароль по письму' }).click()
  await expect(page).toHaveURL(/\/forgot-password$/)
})

test('a lost password is replaced by a letter, once', async ({ page }, info) => {
  const reader = new Reader(page, say, base(), `lost-${info.project.name}`)
  const { access_token } = await reader.haveAccount()
  const made = await page.request.post(`${base()}/api/v1/organizations`, {
    headers: { Authorization: `Bearer ${access_token}` },
    data: {
      name: 'Кофейня',
      time_zone: 'Europe/Moscow',
      currency: 'RUB',
      default_delivery_minutes: 60,
    },
  })
  const { sync_key } = (await made.json()) as { sync_key: string }
  await reader.open('/sign-in')
  await page.getByRole('link', { name: say.resetPassword }).click()
  await reader.seesHeading(say.resetPassword)
  await expectSound(page, 'lost password')
  await page.locator('#email').fill(reader.email)
  await reader.button('Отправить письмо').click()
  await expect(page.getByRole('status')).toContainText(reader.email)

  const link = await linkFor(page.request, base(), reader.email, '/reset-password')
  await page.goto(link)
  await page.locator('#password').fill('совсем новый пароль')
  await reader.button('Сменить пароль').click()
  await reader.seesHeading('Пароль изменён')

  await expect(page.getByText('Завершён 1 сеанс.')).toBeVisible()
  const key = page.getByRole('region', { name: 'Кофейня' })
  await expect(key.getByText('использован никогда')).toBeVisible()
  await expectSound(page, 'after a reset')
  await key.getByRole('button', { name: 'Заменить ключ' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Заменить ключ' }).click()
  await expect(key.getByRole('status')).toContainText('Ключ заменён')
  const refused = await page.request.get(`${base()}/api/v1/sync/sources`, {
    headers: { Authorization: `Bearer ${sync_key}` },
  })
  expect(refused.status(), 'the old key').toBe(401)
  await page.getByRole('link', { name: 'Перейти в кабинет' }).click()
  await reader.seesHeading(say.home)

  await page.goto(link)
  await reader.seesHeading(say.spent)
  await expectSound(page, 'spent reset link')
})

test('an unknown address and a lost network say what to do', async ({ page, context }, info) => {
  const reader = new Reader(page, say, base(), `fallback-${info.project.name}`)
  await reader.haveAccount()
  await reader.signIn()
  await reader.open('/no/such/page')
  await reader.seesHeading('Такой страницы нет')
  await expectSound(page, 'unknown address')
  await page.getByRole('link', { name: 'На главную' }).click()
  await reader.seesHeading(say.home)
  await context.setOffline(true)
  await expect(page.getByText(/^Нет сети/)).toBeVisible()
  await context.setOffline(false)
  await expect(page.getByText(/^Нет сети/)).toBeHidden()
})
