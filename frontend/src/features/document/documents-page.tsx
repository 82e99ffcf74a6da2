import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { KindTiles } from '@/features/record/kind-tiles'
import { useOrganization } from '@/shared/session/organization'
import { EmptyList } from '@/features/record/empty-list'
import { PageHeader } from '@/shared/ui/page-header'
import { Loaded, TilesSkeleton } from '@/shared/ui/loaded'
import { documentKindsOptions } from './queries'

/** «Документы»: all kinds of documents with their counts. */
export function DocumentsPage() {
  const { t } = useTranslation('document')
  const query = useQuery(documentKindsOptions(useOrganization().id))
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
            link={(kind) => ({ to: '/o/$organizationId/documents/$kind', params: { kind } })}
          />
        )}
      </Loaded>
    </>
  )
}
