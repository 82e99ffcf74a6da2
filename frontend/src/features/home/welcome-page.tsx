import { useTranslation } from 'react-i18next'
import { PageHeader } from '@/shared/ui/page-header'
import { NextStep } from './next-step'

/** Figure 3: before an organization is chosen, the next step. */
export function WelcomePage() {
  const { t } = useTranslation('home')
  return (
    <>
      <PageHeader title={t('title')} description={t('welcome')} />
      <NextStep />
    </>
  )
}
