import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import type { RemarkCode } from '@/shared/api/types'
import { api, unwrap } from '@/shared/api/client'

/** How many documents each kind has. */
export const documentKindsOptions = (organizationId: string) =>
  queryOptions({
    queryKey: ['organization', organizationId, 'documents'],
    queryFn: () =>
      unwrap(
        api.GET('/organizations/{organization_id}/documents', {
          params: { path: { organization_id: organizationId } },
        }),
      ),
  })

/** What a list of documents may be filtered and ordered by; days are business days. */
export type DocumentQuery = {
  from?: string
  to?: string
  q?: string
  late?: true
  remarked?: true
  remark?: RemarkCode
  sort?: string
  cursor?: string
  /** By a field of the kind. */
  [field: string]: string | true | undefined
}

/** A page of documents with the sum of the whole list. While another page is fetched the one before stays. */
export const documentListOptions = (organizationId: string, kind: string, query: DocumentQuery) =>
  queryOptions({
    queryKey: ['organization', organizationId, 'documents', kind, query],
    queryFn: () =>
      unwrap(
        api.GET('/organizations/{organization_id}/documents/{kind}', {
          params: {
            path: { organization_id: organizationId, kind },
            query: query as DocumentQuery & { sort?: 'number' },
          },
        }),
      ),
    placeholderData: keepPreviousData,
  })

/** One document with the names of what it refers to. */
export const documentOptions = (organizationId: string, kind: string, id: string) =>
  queryOptions({
    queryKey: ['organization', organizationId, 'documents', kind, 'record', id],
    queryFn: () =>
      unwrap(
        api.GET('/organizations/{organization_id}/documents/{kind}/{id}', {
          params: { path: { organization_id: organizationId, kind, id } },
        }),
      ),
  })
