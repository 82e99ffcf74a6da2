import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { cabinetRoute } from './cabinet-layout'

/** Sections that show one organization's data; without a chosen organization they say how to choose one. */
export const organizationDataRoute = createRoute({
  getParentRoute: () => cabinetRoute,
  id: 'organization-data',
  component: lazyRouteComponent(() => import('@/app/shell/organization-gate'), 'OrganizationGate'),
})
