import { Group, Text } from '@mantine/core'
import { useNetwork } from '@mantine/hooks'
import { useTranslation } from 'react-i18next'
import { IconOffline } from '@/shared/ui/icons'

/** Says that the browser has no network: what is shown may be out of date, and nothing can be saved. */
export function OfflineBanner() {
  const { t } = useTranslation('shell')
  const { online } = useNetwork()
  return (
    <div role="status">
      {!online && (
        <Group gap="sm" px="md" py={10} bg="amber.1" c="amber.9" justify="center" wrap="nowrap">
          <IconOffline />
          <Text fz="sm" fw={550}>
            {t('offline')}
          </Text>
        </Group>
      )}
    </div>
  )
}
