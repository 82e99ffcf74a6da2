import { notifications } from '@mantine/notifications'
import { useTranslation } from 'react-i18next'
import { IconCheck } from './icons'

/** Says briefly, in a corner, that something was done. Failures never go here: they stand where they happened. */
export function useNotice(): (message: string) => void {
  const { t } = useTranslation()
  return (message) =>
    notifications.show({
      message,
      icon: <IconCheck size={18} />,
      color: 'spruce',
      closeButtonProps: { 'aria-label': t('action.close') },
    })
}
