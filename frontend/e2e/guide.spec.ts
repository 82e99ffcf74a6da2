import { test } from '@playwright/test'
import { walkTheGuide } from './guide'
import { words } from './words'

const base = () => process.env.CABINET_URL ?? ''

test.describe.configure({ mode: 'parallel' })

test('the guide leads from registration to the numbers on Home', async ({ page }, info) => {
  await walkTheGuide(page, words.ru, base(), `ru-${info.project.name}`)
})

test.describe('in English, in the dark', () => {
  test.use({ locale: words.en.locale, colorScheme: 'dark' })

  test('the guide leads there too', async ({ page }, info) => {
    await walkTheGuide(page, words.en, base(), `en-${info.project.name}`)
  })
})
