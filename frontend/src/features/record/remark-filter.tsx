import { Chip } from '@mantine/core'
import { useSearch } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import type { RemarkCode } from '@/shared/api/types'
import { useSearchUpdate } from '@/shared/table/search'

/** The search parameters of a filter by remarks. */
export type RemarkSearch = { remarked?: true; remark?: RemarkCode }

/** Shows only records with remarks, or, where a link asked for it, with one remark. */
export function RemarkFilter() {
  const { t } = useTranslation('record')
  const update = useSearchUpdate()
  const { remarked, remark } = useSearch({ strict: false }) as RemarkSearch
  return (
    <Chip
      checked={!!remarked || !!remark}
      onChange={(chosen) => update({ remarked: chosen || undefined, remark: undefined })}
      variant="outline"
    >
      {remark ? t(`remark.code.${remark}`) : t('remark.filter')}
    </Chip>
  )
}
