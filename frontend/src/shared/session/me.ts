import { useMutation, useQueryClient, useSuspenseQuery } from '@tanstack/react-query'
import { api, unwrapTagged, type Tagged } from '../api/client'
import type { Me, MeChanges } from '../api/types'
import { meOptions } from './me-query'

/** The person who is signed in. Only below the cabinet's layout, which loads it first. */
export function useMe(): Tagged<Me> {
  return useSuspenseQuery(meOptions()).data
}

type Update = {
  changes: MeChanges
  /** Of what was read in a form, so that it does not go over what has changed since. A single choice needs none. */
  etag?: string | null
}

/** Changes the person's own details, or the organization that `/` leads to. */
export function useUpdateMe() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: ({ changes, etag }: Update) =>
      unwrapTagged(
        api.PATCH('/me', {
          params: { header: etag ? { 'If-Match': etag } : undefined },
          body: changes,
        }),
      ),
    onSuccess: (me) => client.setQueryData(meOptions().queryKey, me),
  })
}
