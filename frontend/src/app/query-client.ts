import { QueryClient } from '@tanstack/react-query'
import { freshnessInterval, incompleteness } from '@/shared/api/freshness'
import { asProblem } from '@/shared/api/problem'

/**
 * Queries are fresh for half a minute and repeated only where a repetition can help. What is not complete yet is
 * asked for again until it is.
 */
export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 30_000,
        refetchInterval: (query) => (incompleteness(query.state.data) ? freshnessInterval : false),
        retry: (failures, error) => failures < 2 && asProblem(error).transient,
      },
    },
  })
}
