import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { periodSearch } from '@/shared/period/search'
import {
  fieldSearch,
  flag,
  listSearch,
  oneOf,
  search,
  text,
  type RawSearch,
} from '@/shared/table/search'
import { remarkCodes } from '@/features/record/remark-codes'
import { organizationRoute } from './organization-layout'

const remarkSearch = (raw: RawSearch) => ({
  remarked: flag(raw.remarked),
  remark: oneOf(remarkCodes)(raw.remark),
})

const directoriesRoute = createRoute({
  getParentRoute: () => organizationRoute,
  path: '/directories',
  staticData: { section: 'directories' },
  component: lazyRouteComponent(
    () => import('@/features/directory/directories-page'),
    'DirectoriesPage',
  ),
})

const directoryRoute = createRoute({
  getParentRoute: () => organizationRoute,
  path: '/directories/$kind',
  staticData: { section: 'directories' },
  validateSearch: search((raw) => ({
    ...fieldSearch(raw),
    ...listSearch(raw),
    group_id: text(raw.group_id),
    archived: oneOf(['true', 'all'])(String(raw.archived)),
    ...remarkSearch(raw),
  })),
  component: lazyRouteComponent(
    () => import('@/features/directory/directory-page'),
    'DirectoryPage',
  ),
})

const directoryRecordRoute = createRoute({
  getParentRoute: () => organizationRoute,
  path: '/directories/$kind/$id',
  staticData: { section: 'directories' },
  component: lazyRouteComponent(
    () => import('@/features/directory/directory-record-page'),
    'DirectoryRecordPage',
  ),
})

const documentsRoute = createRoute({
  getParentRoute: () => organizationRoute,
  path: '/documents',
  staticData: { section: 'documents' },
  component: lazyRouteComponent(
    () => import('@/features/document/documents-page'),
    'DocumentsPage',
  ),
})

const documentListRoute = createRoute({
  getParentRoute: () => organizationRoute,
  path: '/documents/$kind',
  staticData: { section: 'documents' },
  validateSearch: search((raw) => ({
    ...fieldSearch(raw),
    ...listSearch(raw),
    ...periodSearch(raw),
    outlet_id: text(raw.outlet_id),
    employee_id: text(raw.employee_id),
    late: flag(raw.late),
    ...remarkSearch(raw),
  })),
  component: lazyRouteComponent(
    () => import('@/features/document/document-list-page'),
    'DocumentListPage',
  ),
})

const documentRoute = createRoute({
  getParentRoute: () => organizationRoute,
  path: '/documents/$kind/$id',
  staticData: { section: 'documents' },
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
