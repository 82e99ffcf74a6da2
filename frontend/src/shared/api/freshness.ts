import type { Freshness } from './types'

/** How often an answer that is not complete yet is asked for again, in milliseconds. */
export const freshnessInterval = 3_000

/** What an answer says of how far it has followed the feed, where it lacks something; else undefined. */
export function incompleteness(data: unknown): Freshness | undefined {
  const freshness = (data as { freshness?: Freshness } | null | undefined)?.freshness
  return freshness && !freshness.complete ? freshness : undefined
}
