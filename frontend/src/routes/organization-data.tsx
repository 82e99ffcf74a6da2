import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { search, text } from '@/shared/table/search'
import { organizationDataRoute } from './organization-layout'
import { recordRoutes } from './records'
import { reportRoutes } from './reports'

const deliveriesRoute = createRoute({
  getParentRoute: () => organizationDataRoute,
  path: '/deliveries',
  component: lazyRouteComponent(
    () => import('@/features/delivery/deliveries-page'),
    'DeliveriesPage',
  ),
})

const synchronizationRoute = createRoute({
  getParentRoute: () => organizationDataRoute,
  path: '/synchronization',
  validateSearch: search((raw) => ({ kind: text(raw.kind), cursor: text(raw.cursor) })),
  component: lazyRouteComponent(
    () => import('@/features/synchronization/synchronization-page'),
    'SynchronizationPage',
  ),
})

export const organizationDataRoutes = organizationDataRoute.addChildren([
  ...recordRoutes,
  ...reportRoutes,
  deliveriesRoute,
  synchronizationRoute,
])
