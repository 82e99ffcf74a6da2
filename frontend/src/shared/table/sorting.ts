import type { SortingState } from '@tanstack/react-table'

/** The table's sorting of a sort as the URL has it: `name` or `-name`. */
export const sortingOf = (sort: string | undefined): SortingState =>
  sort ? [{ id: sort.replace(/^-/, ''), desc: sort.startsWith('-') }] : []

/** A sorting as the URL has it. */
export const sortOf = ([first]: SortingState): string | undefined =>
  first && `${first.desc ? '-' : ''}${first.id}`
