import { MantineProvider } from '@mantine/core'
import type { UseQueryResult } from '@tanstack/react-query'
import { render, screen } from '@testing-library/react'
import i18next from 'i18next'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Freshness } from '../api/types'
import { startI18n } from '../i18n/i18n'
import { Loaded } from './loaded'

beforeAll(async () => {
  await startI18n()
  await i18next.changeLanguage('en')
})

const behind: Freshness = {
  complete: false,
  as_of: '2026-05-25T11:05:00Z',
  pending: 120_000,
  rebuilding: false,
}
const answer = (freshness: Freshness) =>
  ({ data: { items: [], freshness } }) as unknown as UseQueryResult<{ items: string[] }>

function show(outer: Freshness, inner = outer) {
  render(
    <MantineProvider>
      <Loaded query={answer(outer)} isEmpty={() => false}>
        {() => (
          <>
            Outer
            <Loaded
              query={answer(inner)}
              isEmpty={({ items }) => items.length === 0}
              empty="Nothing"
            >
              {() => null}
            </Loaded>
          </>
        )}
      </Loaded>
    </MantineProvider>,
  )
}

describe('what is loaded', () => {
  it('is marked, once, while more of it is to come', () => {
    show(behind)
    expect(screen.getByRole('status').textContent).toMatch(
      /^Figures up to .*:05.*, 120,000 records to come$/,
    )
    expect(screen.getByText(/Outer.*Nothing/)).toBeTruthy()
  })

  it('is marked within what is complete', () => {
    show({ ...behind, complete: true, pending: 0 }, { ...behind, as_of: null, pending: 1 })
    expect(screen.getByRole('status').textContent).toBe(
      'Figures are being prepared: 1 record to come',
    )
  })

  it('is marked as the former figures while it is made anew', () => {
    show({ ...behind, rebuilding: true })
    expect(screen.getByRole('status').textContent).toBe(
      'Figures are being recalculated after an update or a change of settings: 120,000 records to go. Until then they are the former ones',
    )
  })

  it('is not marked where nothing is to come', () => {
    show({ ...behind, complete: true, as_of: null, pending: 0 })
    expect(screen.queryByRole('status')).toBeNull()
  })
})
