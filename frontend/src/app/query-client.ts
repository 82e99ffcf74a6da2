import { QueryClient } from '@tanstack/react-query'
import { asProblem } from '@/shared/api/problem'

/** Queries are fresh for half a minute and repeated only where a repetition can help. */
export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 30_000,
        retry: (failures, error) => failures < 2 && asProblem(error).transient,
      },
    },
  })
}
