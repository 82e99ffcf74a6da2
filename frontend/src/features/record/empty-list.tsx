import { Button } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useCan } from '@/model/use-access'
import { IconSearch } from '@/shared/ui/icons'
import { OrganizationButton } from '@/shared/ui/links'
import { EmptyState } from '@/shared/ui/states'

type Props = {
  /** Takes the filters away; given where filters may hide what there is. */
  reset?: () => void
}

/** A list without entries: either nothing has been synchronized, or the filters let nothing through. */
export function EmptyList({ reset }: Props) {
  const { t } = useTranslation('filter')
  const sync = useCan('sync')
  if (reset) {
    return (
      <EmptyState
        icon={IconSearch}
        title={t('empty.filtered_title')}
        action={
          <Button variant="default" mt="sm" onClick={reset}>
            {t('reset')}
          </Button>
        }
      >
        {t('empty.filtered_text')}
      </EmptyState>
    )
  }
  return (
    <EmptyState
      title={t('empty.title')}
      action={
        sync && (
          <OrganizationButton to="/o/$organizationId/synchronization" mt="sm">
            {t('empty.action')}
          </OrganizationButton>
        )
      }
    >
      {t('empty.text')}
    </EmptyState>
  )
}
