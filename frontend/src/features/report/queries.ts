import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import { api, unwrap } from '@/shared/api/client'

/** What a report is about: business days and filters; ends that are left out are the server's choice. */
export type ReportQuery = { from?: string; to?: string; outlet_id?: string; group_id?: string }

const parameters = (organizationId: string, query: ReportQuery) => ({
  params: { path: { organization_id: organizationId }, query },
})

/** Sales of each business day of a period. */
export const salesByDayOptions = (organizationId: string, query: ReportQuery) =>
  queryOptions({
    queryKey: ['organization', organizationId, 'reports', 'sales-by-day', query],
    queryFn: () =>
      unwrap(
        api.GET(
          '/organizations/{organization_id}/reports/sales-by-day',
          parameters(organizationId, query),
        ),
      ),
    placeholderData: keepPreviousData,
  })

/** Sales of each product in a period. */
export const salesByProductOptions = (organizationId: string, query: ReportQuery) =>
  queryOptions({
    queryKey: ['organization', organizationId, 'reports', 'sales-by-product', query],
    queryFn: () =>
      unwrap(
        api.GET(
          '/organizations/{organization_id}/reports/sales-by-product',
          parameters(organizationId, query),
        ),
      ),
    placeholderData: keepPreviousData,
  })

/** What the receipts of a period were paid with. */
export const paymentsByTypeOptions = (organizationId: string, query: ReportQuery) =>
  queryOptions({
    queryKey: ['organization', organizationId, 'reports', 'payments-by-type', query],
    queryFn: () =>
      unwrap(
        api.GET(
          '/organizations/{organization_id}/reports/payments-by-type',
          parameters(organizationId, query),
        ),
      ),
    placeholderData: keepPreviousData,
  })

/** Sales of each hour of the local clock, over all days of a period. */
export const salesByHourOptions = (organizationId: string, query: ReportQuery) =>
  queryOptions({
    queryKey: ['organization', organizationId, 'reports', 'sales-by-hour', query],
    queryFn: () =>
      unwrap(
        api.GET(
          '/organizations/{organization_id}/reports/sales-by-hour',
          parameters(organizationId, query),
        ),
      ),
    placeholderData: keepPreviousData,
  })

/** The newest receipt, which tells where the sales end. */
export const latestReceiptOptions = (organizationId: string) =>
  queryOptions({
    queryKey: ['organization', organizationId, 'documents', 'receipt', 'latest'],
    queryFn: async () => {
      const { items } = await unwrap(
        api.GET('/organizations/{organization_id}/documents/{kind}', {
          params: {
            path: { organization_id: organizationId, kind: 'receipt' },
            query: { limit: 1 },
          },
        }),
      )
      return items[0] ?? null
    },
  })
