import { useTranslation } from 'react-i18next'
import { BackLink } from '@/shared/table/back-link'

/** The way back to the list of organizations. */
export function BackToList() {
  const { t } = useTranslation('organization')
  return <BackLink to="/organizations">{t('list.title')}</BackLink>
}
