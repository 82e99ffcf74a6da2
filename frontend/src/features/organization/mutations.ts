import { useMutation, useQueryClient } from '@tanstack/react-query'
import { api, unwrap, unwrapTagged } from '@/shared/api/client'
import type { OrganizationInput } from '@/shared/api/types'

const at = (organizationId: string) => ({ params: { path: { organization_id: organizationId } } })

/** Creates an organization; the server chooses nothing for the person, see useUpdateMe. */
export const createOrganization = (body: OrganizationInput) =>
  unwrapTagged(api.POST('/organizations', { body }))

/** Writes all fields of an organization, if it is still what was read with the tag. */
export const updateOrganization = (
  organizationId: string,
  body: OrganizationInput,
  etag: string | null,
) =>
  unwrapTagged(
    api.PUT('/organizations/{organization_id}', {
      params: {
        path: { organization_id: organizationId },
        header: etag ? { 'If-Match': etag } : undefined,
      },
      body,
    }),
  )

/** Puts the organization away: it leaves every list, its sync key stops. */
export const useArchiveOrganization = (organizationId: string) =>
  useRefreshing(() => unwrap(api.DELETE('/organizations/{organization_id}', at(organizationId))))

/** Makes a new sync key; the old one stops at once. */
export const useReplaceSyncKey = (organizationId: string) =>
  useRefreshing(() =>
    unwrap(api.POST('/organizations/{organization_id}/sync-key', at(organizationId))),
  )

function useRefreshing<T>(mutationFn: () => Promise<T>) {
  const client = useQueryClient()
  return useMutation({ mutationFn, onSuccess: () => client.invalidateQueries() })
}
