import { queryOptions } from '@tanstack/react-query'
import { api, unwrap } from '../api/client'

/** The person who is signed in, with the organization chosen. */
export const meOptions = () =>
  queryOptions({ queryKey: ['me'], queryFn: () => unwrap(api.GET('/me')), staleTime: 60_000 })
