import { useTranslation } from 'react-i18next'
import { TextLink } from '@/shared/ui/links'

/** The way back to the list of organizations. */
export function BackToList() {
  const { t } = useTranslation('organization')
  return <TextLink to="/organizations">{t('list.title')}</TextLink>
}
