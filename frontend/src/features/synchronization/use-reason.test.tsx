import { renderHook, waitFor } from '@testing-library/react'
import i18next from 'i18next'
import { Suspense, type ReactNode } from 'react'
import { beforeAll, describe, expect, it } from 'vitest'
import { startI18n } from '@/shared/i18n/i18n'
import { useReason } from './use-reason'

beforeAll(startI18n)

const wrapper = ({ children }: { children: ReactNode }) => <Suspense>{children}</Suspense>

async function reasonIn(language: string) {
  await i18next.changeLanguage(language)
  const { result } = renderHook(useReason, { wrapper })
  await waitFor(() => expect(result.current).toBeTypeOf('function'))
  return result.current
}

const error = (field: string, code: string, message = 'as the server says it') => ({
  field,
  code,
  message,
})

describe('a rejection in words', () => {
  it('names the field by its label', async () => {
    const reason = await reasonIn('ru')
    expect(reason(error('name', 'required'), 'employee')).toBe('«Имя»: не заполнено')
    expect(reason(error('lines[2].total', 'required'), 'receipt')).toBe(
      '«Строки, 3 → Итого»: не заполнено',
    )
  })

  it('speaks of the record where the rule is about the whole', async () => {
    const reason = await reasonIn('en')
    expect(reason(error('data', 'record_too_large'), 'receipt')).toBe('The record is too large')
  })

  it('falls back to what the server says for a rule that it does not know', async () => {
    const reason = await reasonIn('en')
    expect(reason(error('wings', 'too_many', 'must have two'), 'plane')).toBe(
      'wings: must have two',
    )
  })
})
