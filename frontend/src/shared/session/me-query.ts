import { queryOptions } from '@tanstack/react-query'
import { api, unwrap } from '../api/client'
import type { Me } from '../api/types'

/** The person who is signed in, with what they may do in each of their organizations. */
export const meOptions = () =>
  queryOptions({
    queryKey: ['me'],
    queryFn: () => unwrap(api.GET('/me')).then(withOrganizations),
    staleTime: 60_000,
  })

// A server that does not name the organizations yet names the chosen one.
export const withOrganizations = (me: Omit<Me, 'organizations'>): Me => ({
  organizations: me.current_organization ? [me.current_organization] : [],
  ...me,
})
