import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { KindTiles } from '@/features/record/kind-tiles'
import { useOrganization } from '@/shared/session/organization'
import { EmptyList } from '@/features/record/empty-list'
import { PageHeader } from '@/shared/ui/page-header'
import { Loaded, TilesSkeleton } from '@/shared/ui/loaded'
import { directoryKindsOptions } from './queries'

/** «Справочники»: all kinds of directories with their counts. */
export function DirectoriesPage() {
  const { t } = useTranslation('directory')
  const query = useQuery(directoryKindsOptions(useOrganization().id))
  return (
    <>
      <PageHeader title={t('title')} description={t('text')} />
      <Loaded
        query={query}
        loading={<TilesSkeleton />}
        isEmpty={({ items }) => items.every(({ count }) => count === 0)}
        empty={<EmptyList />}
      >
        {({ items }) => (
          <KindTiles
            counts={items}
            link={(kind) => ({ to: '/o/$organizationId/directories/$kind', params: { kind } })}
          />
        )}
      </Loaded>
    </>
  )
}
