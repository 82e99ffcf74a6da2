import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { FailedPage, PageNotFound } from '@/app/fallback-pages'
import { meOptions } from '@/shared/session/me-query'
import { organizationOf } from '@/shared/session/organization'
import { cabinetRoute } from './cabinet-layout'

/** Everything of one organization: its id stands in the address. What is below names its section in staticData. */
export const organizationRoute = createRoute({
  getParentRoute: () => cabinetRoute,
  path: '/o/$organizationId',
  beforeLoad: async ({ context: { queryClient }, params }) => {
    const me = await queryClient.ensureQueryData(meOptions())
    // The person may have become a member since they were asked about.
    if (!organizationOf(me, params.organizationId))
      await queryClient.fetchQuery({ ...meOptions(), staleTime: 0 })
  },
  component: lazyRouteComponent(
    () => import('@/app/organization/organization-frame'),
    'OrganizationFrame',
  ),
  notFoundComponent: PageNotFound,
  errorComponent: FailedPage,
})
