import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import { api, unwrap } from '@/shared/api/client'
import { isDocumentKind, type Kind } from './schema'

/** What a directory may be filtered and ordered by. */
export type DirectoryQuery = {
  q?: string
  sort?: string
  cursor?: string
  archived?: 'false' | 'true' | 'all'
  limit?: number
  /** By a field of the kind. */
  remarked?: true
  [field: string]: string | number | true | undefined
}

/** A page of a directory. While another page, order or filter is fetched the one before stays. */
export const directoryOptions = (organizationId: string, kind: string, query: DirectoryQuery) =>
  queryOptions({
    queryKey: ['organization', organizationId, 'directories', kind, query],
    queryFn: () =>
      unwrap(
        api.GET('/organizations/{organization_id}/directories/{kind}', {
          params: {
            path: { organization_id: organizationId, kind },
            query: query as DirectoryQuery & { sort?: 'name' },
          },
        }),
      ),
    placeholderData: keepPreviousData,
  })

/** One directory record with the names of what it refers to. */
export const directoryRecordOptions = (organizationId: string, kind: string, id: string) =>
  queryOptions({
    queryKey: ['organization', organizationId, 'directories', kind, 'record', id],
    queryFn: () =>
      unwrap(
        api.GET('/organizations/{organization_id}/directories/{kind}/{id}', {
          params: { path: { organization_id: organizationId, kind, id } },
        }),
      ),
  })

/** Records of a directory for a choice: those that match what is typed, the first 50. */
export const choicesOptions = (organizationId: string, kind: Kind, q: string) =>
  directoryOptions(organizationId, kind, { q: q || undefined, archived: 'all', limit: 50 })

/** A page of the versions of a record, the newest first. A newer version of it makes another query. */
export const historyOptions = (
  organizationId: string,
  { kind, id, version }: { kind: string; id: string; version: number },
  cursor?: string,
) => {
  const params = {
    path: { organization_id: organizationId, kind, id },
    query: { cursor, limit: 20 },
  }
  return queryOptions({
    queryKey: ['organization', organizationId, 'history', kind, id, version, cursor],
    queryFn: () =>
      unwrap(
        isDocumentKind(kind)
          ? api.GET('/organizations/{organization_id}/documents/{kind}/{id}/history', { params })
          : api.GET('/organizations/{organization_id}/directories/{kind}/{id}/history', { params }),
      ),
    placeholderData: keepPreviousData,
  })
}
