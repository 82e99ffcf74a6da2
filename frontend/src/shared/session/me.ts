import { useMutation, useQueryClient, useSuspenseQuery } from '@tanstack/react-query'
import { api, unwrap } from '../api/client'
import type { Me, MeChanges } from '../api/types'
import { meOptions } from './me-query'

/** The person who is signed in. Only below the cabinet's layout, which loads it first. */
export function useMe(): Me {
  return useSuspenseQuery(meOptions()).data
}

/** Changes the person's own details, or the organization that `/` leads to. */
export function useUpdateMe() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (changes: MeChanges) => unwrap(api.PATCH('/me', { body: changes })),
    onSuccess: (me) => client.setQueryData(meOptions().queryKey, me),
  })
}
