import { Button, Group } from '@mantine/core'
import { getRouteApi } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { usePeriod } from '@/shared/period/use-period'
import { EmptyList } from '@/features/record/empty-list'
import { useFieldFilters } from '@/features/record/field-filters'
import { useSearchUpdate } from '@/shared/table/search'
import { IconCalendar } from '@/shared/ui/icons'
import { EmptyState } from '@/shared/ui/states'

const route = getRouteApi('/cabinet/o/$organizationId/documents/$kind')

/** No documents fit: offers all days, and the list without filters. */
export function NoDocuments({ kind }: { kind: string }) {
  const { t } = useTranslation('document')
  const update = useSearchUpdate()
  const { name } = usePeriod()
  const { q, late, remarked, remark } = route.useSearch()
  const byField = Object.keys(useFieldFilters(kind))
  const filtered = !!q || !!late || !!remarked || !!remark || byField.length > 0
  const noFilters = Object.fromEntries(
    ['q', 'late', 'remarked', 'remark', ...byField].map((name) => [name, undefined]),
  )
  if (name === 'all') {
    return <EmptyList reset={filtered ? () => update(noFilters) : undefined} />
  }
  return (
    <EmptyState
      icon={IconCalendar}
      title={t('none.title')}
      action={
        <Group mt="sm" gap="sm" justify="center">
          <Button
            variant="default"
            onClick={() => update({ period: 'all', from: undefined, to: undefined })}
          >
            {t('none.all_time')}
          </Button>
          {filtered && (
            <Button variant="default" onClick={() => update(noFilters)}>
              {t('none.reset')}
            </Button>
          )}
        </Group>
      }
    >
      {t('none.text')}
    </EmptyState>
  )
}
