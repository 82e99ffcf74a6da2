import type { RemarkCode } from '@/shared/api/types'

/** What may be remarked of a record. */
export const remarkCodes = [
  'line_total_mismatch',
  'total_mismatch',
  'payments_mismatch',
  'quantity_rounded',
  'name_missing',
  'number_missing',
  'unknown_word',
] as const satisfies readonly RemarkCode[]
