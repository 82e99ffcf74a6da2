import { createRoute, lazyRouteComponent, redirect } from '@tanstack/react-router'
import { meOptions } from '@/shared/session/me-query'
import { flag, search } from '@/shared/table/search'
import { cabinetRoute } from './cabinet-layout'
import { oldAddresses } from './old-addresses'
import { organizationRoutes } from './organization'

// The organization of the account's settings; before one is chosen, what to do next.
const startRoute = createRoute({
  getParentRoute: () => cabinetRoute,
  path: '/',
  beforeLoad: async ({ context }) => {
    const { current_organization_id } = await context.queryClient.ensureQueryData(meOptions())
    if (!current_organization_id) return
    throw redirect({
      to: '/o/$organizationId',
      params: { organizationId: current_organization_id },
      replace: true,
    })
  },
  component: lazyRouteComponent(() => import('@/features/home/welcome-page'), 'WelcomePage'),
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

const organizationFormRoute = createRoute({
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
  startRoute,
  organizationsRoute,
  newOrganizationRoute,
  organizationFormRoute,
  licensesRoute,
  accountsRoute,
  accountRoute,
  organizationRoutes,
  ...oldAddresses,
])
