import { Badge } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Remark } from '@/shared/api/types'

/** Marks a record of a list that has remarks; which they are is said on hover. */
export function RemarkBadge({ remarks = [] }: { remarks?: Remark[] }) {
  const { t } = useTranslation('record')
  if (remarks.length === 0) return null
  const codes = [...new Set(remarks.map(({ code }) => code))]
  const title = codes.map((code) => t(`remark.code.${code}`)).join(', ')
  return (
    <Badge component="span" color="amber" variant="outline" tt="none" title={title}>
      {t('remark.badge')}
    </Badge>
  )
}
