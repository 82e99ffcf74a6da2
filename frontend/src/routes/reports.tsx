import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { periodSearch } from '@/shared/period/search'
import { oneOf, search, text } from '@/shared/table/search'
import { organizationDataRoute } from './organization-layout'

const reportsRoute = createRoute({
  getParentRoute: () => organizationDataRoute,
  path: '/reports',
  component: lazyRouteComponent(() => import('@/features/report/reports-page'), 'ReportsPage'),
})

const salesByDayRoute = createRoute({
  getParentRoute: () => organizationDataRoute,
  path: '/reports/sales-by-day',
  validateSearch: search((raw) => ({
    ...periodSearch(raw),
    outlet_id: text(raw.outlet_id),
    sort: text(raw.sort),
  })),
  component: lazyRouteComponent(
    () => import('@/features/report/sales-by-day-page'),
    'SalesByDayPage',
  ),
})

const salesByProductRoute = createRoute({
  getParentRoute: () => organizationDataRoute,
  path: '/reports/sales-by-product',
  validateSearch: search((raw) => ({
    ...periodSearch(raw),
    outlet_id: text(raw.outlet_id),
    group_id: text(raw.group_id),
    sort: text(raw.sort),
  })),
  component: lazyRouteComponent(
    () => import('@/features/report/sales-by-product-page'),
    'SalesByProductPage',
  ),
})

const chartsRoute = createRoute({
  getParentRoute: () => organizationDataRoute,
  path: '/charts',
  validateSearch: search((raw) => ({
    ...periodSearch(raw),
    outlet_id: text(raw.outlet_id),
    measure: oneOf(['receipts', 'average_check'])(raw.measure),
  })),
  component: lazyRouteComponent(() => import('@/features/chart/charts-page'), 'ChartsPage'),
})

/** «Отчеты» and «Графики». */
export const reportRoutes = [
  reportsRoute,
  salesByDayRoute,
  salesByProductRoute,
  chartsRoute,
] as const
