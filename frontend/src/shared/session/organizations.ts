import { queryOptions } from '@tanstack/react-query'
import { api, unwrap, unwrapTagged } from '../api/client'

/** The organizations of the person, with the limit of their account. */
export const organizationsOptions = () =>
  queryOptions({ queryKey: ['organizations'], queryFn: () => unwrap(api.GET('/organizations')) })

/** One organization with all its fields; the sync key only with `sync:edit`. */
export const organizationOptions = (organizationId: string) =>
  queryOptions({
    queryKey: ['organization', organizationId],
    queryFn: () =>
      unwrapTagged(
        api.GET('/organizations/{organization_id}', {
          params: { path: { organization_id: organizationId } },
        }),
      ),
  })

/** The roles of an organization, with what each may open. */
export const rolesOptions = (organizationId: string) =>
  queryOptions({
    queryKey: ['organization', organizationId, 'roles'],
    queryFn: () =>
      unwrap(
        api.GET('/organizations/{organization_id}/roles', {
          params: { path: { organization_id: organizationId } },
        }),
      ),
  })
