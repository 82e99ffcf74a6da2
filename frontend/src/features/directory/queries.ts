import { queryOptions } from '@tanstack/react-query'
import { api, unwrap } from '@/shared/api/client'

/** How many records each kind of directory has. */
export const directoryKindsOptions = (organizationId: string) =>
  queryOptions({
    queryKey: ['organization', organizationId, 'directories'],
    queryFn: () =>
      unwrap(
        api.GET('/organizations/{organization_id}/directories', {
          params: { path: { organization_id: organizationId } },
        }),
      ),
  })
