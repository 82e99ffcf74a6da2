import { queryOptions } from '@tanstack/react-query'
import { api, unwrap } from '@/shared/api/client'

/** The figures of the home page. Until the first data has come they are asked for every few seconds. */
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
    refetchInterval: (query) => (query.state.data?.setup.data_received ? 60_000 : 4_000),
  })
