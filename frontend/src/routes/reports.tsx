import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { periodSearch } from '@/shared/period/search'
import { flag, oneOf, search, text } from '@/shared/table/search'
import { organizationRoute } from './organization-layout'

const reportsRoute = createRoute({
  getParentRoute: () => organizationRoute,
  path: '/reports',
  staticData: { section: 'reports' },
  component: lazyRouteComponent(() => import('@/features/report/reports-page'), 'ReportsPage'),
})

const salesByDayRoute = createRoute({
  getParentRoute: () => organizationRoute,
  path: '/reports/sales-by-day',
  staticData: { section: 'reports' },
  validateSearch: search((raw) => ({
    ...periodSearch(raw),
    outlet_id: text(raw.outlet_id),
    sort: text(raw.sort),
    all: flag(raw.all),
  })),
  component: lazyRouteComponent(
    () => import('@/features/report/sales-by-day-page'),
    'SalesByDayPage',
  ),
})

const salesByProductRoute = createRoute({
  getParentRoute: () => organizationRoute,
  path: '/reports/sales-by-product',
  staticData: { section: 'reports' },
  validateSearch: search((raw) => ({
    ...periodSearch(raw),
    outlet_id: text(raw.outlet_id),
    group_id: text(raw.group_id),
    sort: text(raw.sort),
    all: flag(raw.all),
  })),
  component: lazyRouteComponent(
    () => import('@/features/report/sales-by-product-page'),
    'SalesByProductPage',
  ),
})

const chartsRoute = createRoute({
  getParentRoute: () => organizationRoute,
  path: '/charts',
  staticData: { section: 'reports' },
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
