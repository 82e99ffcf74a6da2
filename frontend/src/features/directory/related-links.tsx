import { useTranslation } from 'react-i18next'
import { useCan } from '@/model/use-access'
import type { DirectoryRecord } from '@/shared/api/types'
import { OrganizationButton } from '@/shared/ui/links'

/** Where to go from a record: an employee's and an outlet's receipts, a group's products. */
export function RelatedLinks({ record }: { record: DirectoryRecord }) {
  const { t } = useTranslation('directory')
  const documents = useCan('documents')
  const { kind, id, deleted } = record
  if (deleted) return null
  if (kind === 'product_group') {
    return (
      <OrganizationButton
        variant="default"
        to="/o/$organizationId/directories/$kind"
        params={{ kind: 'product' }}
        search={{ group_id: id }}
      >
        {t('related.products')}
      </OrganizationButton>
    )
  }
  const filter = { employee: 'employee_id', outlet: 'outlet_id' }[kind]
  if (!filter || !documents) return null
  return (
    <OrganizationButton
      variant="default"
      to="/o/$organizationId/documents/$kind"
      params={{ kind: 'receipt' }}
      search={{ [filter]: id }}
    >
      {t('related.receipts')}
    </OrganizationButton>
  )
}
