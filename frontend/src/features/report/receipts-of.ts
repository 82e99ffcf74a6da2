import type { LinkProps } from '@tanstack/react-router'
import type { Day } from '@/shared/format/day'

/** The list of a business day's receipts, of one outlet or all. */
export const receiptsOf = (day: Day, outletId?: string): LinkProps => ({
  to: '/o/$organizationId/documents/$kind',
  params: { kind: 'receipt' },
  search: { from: day, to: day, outlet_id: outletId } as never,
})

/** The list of the receipts of some days that came, or changed, after their day was over. */
export const lateReceiptsOf = (from: Day, to: Day, outletId?: string): LinkProps => ({
  to: '/o/$organizationId/documents/$kind',
  params: { kind: 'receipt' },
  search: { from, to, outlet_id: outletId, late: true } as never,
})

/** The list of the receipts of some days that do not add up, or lack something. */
export const remarkedReceiptsOf = (from: Day, to: Day, outletId?: string): LinkProps => ({
  to: '/o/$organizationId/documents/$kind',
  params: { kind: 'receipt' },
  search: { from, to, outlet_id: outletId, remarked: true } as never,
})

/** The list of the receipts of some days that are still open. */
export const openReceiptsOf = (from?: Day, to?: Day, outletId?: string): LinkProps => ({
  to: '/o/$organizationId/documents/$kind',
  params: { kind: 'receipt' },
  search: {
    period: from ? undefined : 'all',
    from,
    to,
    outlet_id: outletId,
    status: 'open',
  } as never,
})
