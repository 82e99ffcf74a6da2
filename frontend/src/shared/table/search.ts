import { useNavigate } from '@tanstack/react-router'
import { useCallback } from 'react'
import { isDay, type Day } from '../format/day'

/** Search parameters as the URL gives them. */
export type RawSearch = Record<string, unknown>

/** A route's validateSearch: all its parameters may be absent. */
export const search =
  <T extends object>(read: (raw: RawSearch) => T) =>
  (raw: RawSearch): Partial<T> =>
    read(raw)

// Readers of search parameters: what does not fit counts as absent, so a mangled link still opens.

/** A text that is not empty. A text of digits arrives as a number. */
export const text = (value: unknown): string | undefined =>
  typeof value === 'string' || typeof value === 'number' ? String(value) || undefined : undefined

/** One of the given words. */
export const oneOf =
  <T extends string>(words: readonly T[]) =>
  (value: unknown): T | undefined =>
    words.find((word) => word === value)

/** A business day. */
export const day = (value: unknown): Day | undefined =>
  typeof value === 'string' && isDay(value) ? value : undefined

/** A flag; absent means no. */
export const flag = (value: unknown): true | undefined => (value === true ? true : undefined)

/** The search parameters that every list has; a route adds its filters. */
export const listSearch = (raw: RawSearch) => ({
  q: text(raw.q),
  sort: text(raw.sort),
  cursor: text(raw.cursor),
})

/** Filters by fields, whatever the kind of the list; the list takes those that its kind has. */
export const fieldSearch = (raw: RawSearch): Record<string, string | undefined> =>
  Object.fromEntries(Object.entries(raw).map(([name, value]) => [name, text(value)]))

/** Changes filters, sort or page in the URL; everything but a page change returns to the first page. */
export function useSearchUpdate() {
  const navigate = useNavigate()
  return useCallback(
    (changes: Record<string, string | number | boolean | undefined>, replace = false) =>
      void navigate({
        to: '.',
        search: ((old: object) => ({ ...old, cursor: undefined, ...changes })) as never,
        replace,
        resetScroll: false,
      }),
    [navigate],
  )
}
