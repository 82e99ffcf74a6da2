import { MantineProvider } from '@mantine/core'
import { render, screen } from '@testing-library/react'
import i18next from 'i18next'
import { Suspense } from 'react'
import { beforeAll, expect, it, vi } from 'vitest'
import { startI18n } from '@/shared/i18n/i18n'
import { FullNote } from './full-note'

vi.mock('@/shared/format/use-format', () => ({
  useFormat: () => ({ integer: (value: number) => value.toLocaleString('en') }),
}))

beforeAll(startI18n)

it.each([
  ['ru', 'Кабинет хранит 10,000 отклонённых записей или 64 МБ'],
  ['en', 'The cabinet keeps 10,000 of them, or 64 MB'],
])('says in %s how many are kept', async (language, words) => {
  await i18next.changeLanguage(language)
  render(
    <MantineProvider>
      <Suspense>
        <FullNote most={10_000} />
      </Suspense>
    </MantineProvider>,
  )
  const alert = await screen.findByRole('alert')
  expect(alert.textContent).toContain(words)
})
