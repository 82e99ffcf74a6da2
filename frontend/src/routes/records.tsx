import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { periodSearch } from '@/shared/period/search'
import { flag, listSearch, oneOf, search, text } from '@/shared/table/search'
import { organizationDataRoute } from './organization-layout'

const directoriesRoute = createRoute({
  getParentRoute: () => organizationDataRoute,
  path: '/directories',
  component: lazyRouteComponent(
    () => import('@/features/directory/directories-page'),
    'DirectoriesPage',
  ),
})

const directoryRoute = createRoute({
  getParentRoute: () => organizationDataRoute,
  path: '/directories/$kind',
  validateSearch: search((raw) => ({
    ...listSearch(raw),
    group_id: text(raw.group_id),
    archived: oneOf(['true', 'all'])(String(raw.archived)),
  })),
  component: lazyRouteComponent(
    () => import('@/features/directory/directory-page'),
    'DirectoryPage',
  ),
})

const directoryRecordRoute = createRoute({
  getParentRoute: () => organizationDataRoute,
  path: '/directories/$kind/$id',
  component: lazyRouteComponent(
    () => import('@/features/directory/directory-record-page'),
    'DirectoryRecordPage',
  ),
})

const documentsRoute = createRoute({
  getParentRoute: () => organizationDataRoute,
  path: '/documents',
  component: lazyRouteComponent(
    () => import('@/features/document/documents-page'),
    'DocumentsPage',
  ),
})

const documentListRoute = createRoute({
  getParentRoute: () => organizationDataRoute,
  path: '/documents/$kind',
  validateSearch: search((raw) => ({
    ...listSearch(raw),
    ...periodSearch(raw),
    outlet_id: text(raw.outlet_id),
    employee_id: text(raw.employee_id),
    type: text(raw.type),
    status: text(raw.status),
    late: flag(raw.late),
  })),
  component: lazyRouteComponent(
    () => import('@/features/document/document-list-page'),
    'DocumentListPage',
  ),
})

const documentRoute = createRoute({
  getParentRoute: () => organizationDataRoute,
  path: '/documents/$kind/$id',
  component: lazyRouteComponent(() => import('@/features/document/document-page'), 'DocumentPage'),
})

/** «Справочники» and «Документы»: kinds, lists, records. */
export const recordRoutes = [
  directoriesRoute,
  directoryRoute,
  directoryRecordRoute,
  documentsRoute,
  documentListRoute,
  documentRoute,
] as const
