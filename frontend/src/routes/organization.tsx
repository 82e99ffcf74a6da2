import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { search, text } from '@/shared/table/search'
import { organizationRoute } from './organization-layout'
import { recordRoutes } from './records'
import { reportRoutes } from './reports'

// Open to every member: it shows what the role allows.
const homeRoute = createRoute({
  getParentRoute: () => organizationRoute,
  path: '/',
  component: lazyRouteComponent(() => import('@/features/home/home-page'), 'HomePage'),
})

const deliveriesRoute = createRoute({
  getParentRoute: () => organizationRoute,
  path: '/deliveries',
  staticData: { section: 'deliveries' },
  component: lazyRouteComponent(
    () => import('@/features/delivery/deliveries-page'),
    'DeliveriesPage',
  ),
})

const synchronizationRoute = createRoute({
  getParentRoute: () => organizationRoute,
  path: '/synchronization',
  staticData: { section: 'sync' },
  validateSearch: search((raw) => ({ kind: text(raw.kind), cursor: text(raw.cursor) })),
  component: lazyRouteComponent(
    () => import('@/features/synchronization/synchronization-page'),
    'SynchronizationPage',
  ),
})

export const organizationRoutes = organizationRoute.addChildren([
  homeRoute,
  ...recordRoutes,
  ...reportRoutes,
  deliveriesRoute,
  synchronizationRoute,
])
