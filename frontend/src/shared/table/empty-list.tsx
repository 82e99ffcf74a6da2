import { Button } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useCan } from '../session/me'
import { IconSearch } from '../ui/icons'
import { ButtonLink } from '../ui/links'
import { EmptyState } from '../ui/states'

type Props = {
  /** Takes the filters away; given where filters may hide what there is. */
  reset?: () => void
}

/** A list without entries: either nothing has been synchronized, or the filters let nothing through. */
export function EmptyList({ reset }: Props) {
  const { t } = useTranslation('filter')
  const sync = useCan('sync:view')
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
          <ButtonLink to="/synchronization" mt="sm">
            {t('empty.action')}
          </ButtonLink>
        )
      }
    >
      {t('empty.text')}
    </EmptyState>
  )
}
