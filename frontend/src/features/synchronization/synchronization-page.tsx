import { Box, Stack } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useOrganization } from '@/shared/session/organization'
import { PageHeader } from '@/shared/ui/page-header'
import { Loaded, TilesSkeleton } from '@/shared/ui/loaded'
import { CountsCard } from './counts-card'
import { DevicesCard } from './devices-card'
import { NotConnected } from './not-connected'
import { statusOptions } from './queries'
import { RejectionsCard } from './rejections-card'
import { RemarksCard } from './remarks-card'
import { SourcesCard } from './sources-card'
import { StatusTiles } from './status-tiles'

/** «Синхронизация»: last contact, devices, counts, what was refused and why. It renews itself. */
export function SynchronizationPage() {
  const { t } = useTranslation('synchronization')
  const query = useQuery(statusOptions(useOrganization().id))
  return (
    <>
      <PageHeader title={t('title')} description={t('text')} />
      <Loaded query={query} loading={<TilesSkeleton />}>
        {(status) =>
          status.devices === 0 ? (
            <NotConnected />
          ) : (
            <Stack gap="md">
              <StatusTiles status={status} />
              <Box id="rejections">
                <RejectionsCard status={status} />
              </Box>
              <RemarksCard />
              <SourcesCard />
              <DevicesCard />
              <CountsCard counts={status.counts} />
            </Stack>
          )
        }
      </Loaded>
    </>
  )
}
