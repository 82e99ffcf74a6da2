import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { flag, search } from '@/shared/table/search'
import { cabinetRoute } from './cabinet-layout'
import { organizationDataRoutes } from './organization-data'

const homeRoute = createRoute({
  getParentRoute: () => cabinetRoute,
  path: '/',
  component: lazyRouteComponent(() => import('@/features/home/home-page'), 'HomePage'),
})

const organizationsRoute = createRoute({
  getParentRoute: () => cabinetRoute,
  path: '/organizations',
  component: lazyRouteComponent(
    () => import('@/features/organization/organizations-page'),
    'OrganizationsPage',
  ),
})

const newOrganizationRoute = createRoute({
  getParentRoute: () => cabinetRoute,
  path: '/organizations/new',
  component: lazyRouteComponent(
    () => import('@/features/organization/new-organization-page'),
    'NewOrganizationPage',
  ),
})

const organizationRoute = createRoute({
  getParentRoute: () => cabinetRoute,
  path: '/organizations/$organizationId',
  // Set on the way from the form that made the organization.
  validateSearch: search((raw) => ({ created: flag(raw.created) })),
  component: lazyRouteComponent(
    () => import('@/features/organization/organization-page'),
    'OrganizationPage',
  ),
})

const licensesRoute = createRoute({
  getParentRoute: () => cabinetRoute,
  path: '/licenses',
  component: lazyRouteComponent(() => import('@/features/license/licenses-page'), 'LicensesPage'),
})

const accountsRoute = createRoute({
  getParentRoute: () => cabinetRoute,
  path: '/accounts',
  component: lazyRouteComponent(() => import('@/features/account/accounts-page'), 'AccountsPage'),
})

const accountRoute = createRoute({
  getParentRoute: () => cabinetRoute,
  path: '/accounts/$accountId',
  component: lazyRouteComponent(() => import('@/features/account/account-page'), 'AccountPage'),
})

export const cabinetRoutes = cabinetRoute.addChildren([
  homeRoute,
  organizationsRoute,
  newOrganizationRoute,
  organizationRoute,
  licensesRoute,
  accountsRoute,
  accountRoute,
  organizationDataRoutes,
])
