import { keepPreviousData, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { api, unwrap } from '@/shared/api/client'

// The page follows the venue without being asked.
const everyMs = 10_000

const key = (organizationId: string) => ['organization', organizationId, 'sync']

const at = (organizationId: string) => ({ params: { path: { organization_id: organizationId } } })

/** How synchronization stands, asked for every ten seconds. */
export const statusOptions = (organizationId: string) =>
  queryOptions({
    queryKey: [...key(organizationId), 'status'],
    queryFn: () =>
      unwrap(api.GET('/organizations/{organization_id}/sync/status', at(organizationId))),
    refetchInterval: everyMs,
    staleTime: 0,
  })

/** The devices of an organization, the one heard last first. */
export const devicesOptions = (organizationId: string) =>
  queryOptions({
    queryKey: [...key(organizationId), 'devices'],
    queryFn: () =>
      unwrap(api.GET('/organizations/{organization_id}/sync/devices', at(organizationId))),
    refetchInterval: everyMs,
    staleTime: 0,
  })

/** The local databases, and what came from each. */
export const sourcesOptions = (organizationId: string) =>
  queryOptions({
    queryKey: [...key(organizationId), 'sources'],
    queryFn: () =>
      unwrap(api.GET('/organizations/{organization_id}/sync/sources', at(organizationId))),
    refetchInterval: 6 * everyMs,
  })

/** A page of what is kept as rejected, of one kind or all. */
export const rejectionsOptions = (
  organizationId: string,
  query: { kind?: string; cursor?: string },
) =>
  queryOptions({
    queryKey: [...key(organizationId), 'rejections', query],
    queryFn: () =>
      unwrap(
        api.GET('/organizations/{organization_id}/sync/rejections', {
          params: { path: { organization_id: organizationId }, query: { ...query, limit: 20 } },
        }),
      ),
    refetchInterval: everyMs,
    staleTime: 0,
    placeholderData: keepPreviousData,
  })

/** How many records have remarks, by kind and code. */
export const remarksOptions = (organizationId: string) =>
  queryOptions({
    queryKey: [...key(organizationId), 'remarks'],
    queryFn: () =>
      unwrap(api.GET('/organizations/{organization_id}/sync/remarks', at(organizationId))),
    refetchInterval: 6 * everyMs,
  })

/** Forgets a rejection that nobody will mend. */
export function useDismiss(organizationId: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: ({ kind, id }: { kind: string; id: string }) =>
      unwrap(
        api.DELETE('/organizations/{organization_id}/sync/rejections/{kind}/{id}', {
          params: { path: { organization_id: organizationId, kind, id } },
        }),
      ),
    onSuccess: () => client.invalidateQueries({ queryKey: key(organizationId) }),
  })
}
