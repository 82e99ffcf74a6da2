import { queryOptions } from '@tanstack/react-query'
import { api, unwrap } from '@/shared/api/client'
import { freshnessInterval, incompleteness } from '@/shared/api/freshness'

/** The figures of the home page. Until the first data has come, and all of it is in them, they are asked for every few seconds. */
export const dashboardOptions = (organizationId: string) =>
  queryOptions({
    queryKey: ['organization', organizationId, 'dashboard'],
    queryFn: () =>
      unwrap(
        api.GET('/organizations/{organization_id}/dashboard', {
          params: { path: { organization_id: organizationId } },
        }),
      ),
    staleTime: 5_000,
    refetchInterval: ({ state: { data } }) =>
      !data?.setup.data_received || incompleteness(data) ? freshnessInterval : 60_000,
  })
