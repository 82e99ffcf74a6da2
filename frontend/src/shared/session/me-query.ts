import { queryOptions } from '@tanstack/react-query'
import { api, unwrapTagged } from '../api/client'

/** The person who is signed in, with what they may do in each of their organizations. */
export const meOptions = () =>
  queryOptions({ queryKey: ['me'], queryFn: () => unwrapTagged(api.GET('/me')), staleTime: 60_000 })
