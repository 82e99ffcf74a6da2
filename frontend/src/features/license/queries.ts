import { queryOptions } from '@tanstack/react-query'
import { api, unwrap } from '@/shared/api/client'

/** The licenses of one organization. */
export const licensesOptions = (organizationId: string) =>
  queryOptions({
    queryKey: ['organization', organizationId, 'licenses'],
    queryFn: () =>
      unwrap(
        api.GET('/organizations/{organization_id}/licenses', {
          params: { path: { organization_id: organizationId } },
        }),
      ),
  })
