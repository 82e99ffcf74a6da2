import { useTranslation } from 'react-i18next'
import type { DirectoryRecord } from '@/shared/api/types'
import { useCan } from '@/shared/session/me'
import { ButtonLink } from '@/shared/ui/links'

/** Where to go from a record: an employee's and an outlet's receipts, a group's products. */
export function RelatedLinks({ record }: { record: DirectoryRecord }) {
  const { t } = useTranslation('directory')
  const documents = useCan('documents:view')
  const { kind, id, deleted } = record
  if (deleted) return null
  if (kind === 'product_group') {
    return (
      <ButtonLink
        variant="default"
        to="/directories/$kind"
        params={{ kind: 'product' }}
        search={{ group_id: id }}
      >
        {t('related.products')}
      </ButtonLink>
    )
  }
  const filter = { employee: 'employee_id', outlet: 'outlet_id' }[kind]
  if (!filter || !documents) return null
  return (
    <ButtonLink
      variant="default"
      to="/documents/$kind"
      params={{ kind: 'receipt' }}
      search={{ [filter]: id }}
    >
      {t('related.receipts')}
    </ButtonLink>
  )
}
