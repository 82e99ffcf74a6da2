import { Box } from '@mantine/core'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import classes from './filter-bar.module.css'

/** The filters of a list or report, one below the other on a phone. */
export function FilterBar({ children }: { children: ReactNode }) {
  const { t } = useTranslation('filter')
  return (
    <Box role="group" aria-label={t('label')} className={classes.bar}>
      {children}
    </Box>
  )
}
