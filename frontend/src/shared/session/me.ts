import { useMutation, useQueryClient, useSuspenseQuery } from '@tanstack/react-query'
import { api, unwrap } from '../api/client'
import type { CurrentOrganization, Me, MeChanges } from '../api/types'
import { meOptions } from './me-query'

/** The person who is signed in. Only below the cabinet's layout, which loads it first. */
export function useMe(): Me {
  return useSuspenseQuery(meOptions()).data
}

/** The organization one works in now, or null before one is chosen. */
export function useCurrentOrganization(): CurrentOrganization | null {
  return useMe().current_organization ?? null
}

/** The organization one works in now. Only below the routes that need one; throws elsewhere. */
export function useOrganization(): CurrentOrganization {
  const organization = useCurrentOrganization()
  if (!organization) throw new Error('no organization is chosen')
  return organization
}

/** A permission as the server names it: `section:view` or `section:edit`. */
export type Permission = `${string}:view` | `${string}:edit`

/** Whether a set of permissions holds one; edit implies view. */
export function can(permissions: readonly string[], permission: Permission): boolean {
  return (
    permissions.includes(permission) || permissions.includes(permission.replace(/:view$/, ':edit'))
  )
}

/** Whether the person may do this in the organization chosen. */
export function useCan(permission: Permission): boolean {
  return can(useCurrentOrganization()?.permissions ?? [], permission)
}

/** Changes the person's own details or the organization chosen; everything shown is then read anew. */
export function useUpdateMe() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (changes: MeChanges) => unwrap(api.PATCH('/me', { body: changes })),
    onSuccess: async (me) => {
      client.setQueryData(meOptions().queryKey, me)
      await client.invalidateQueries({ predicate: (query) => query.queryKey[0] !== 'me' })
    },
  })
}
