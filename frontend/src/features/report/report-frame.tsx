import { Button } from '@mantine/core'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { ExportMenu } from '@/shared/export/export-menu'
import { PeriodFilter } from '@/shared/period/period-filter'
import { useOrganization } from '@/shared/session/organization'
import { useFormat } from '@/shared/format/use-format'
import { usePeriod } from '@/shared/period/use-period'
import { BackLink, useRememberSearch } from '@/shared/table/back-link'
import { FilterBar } from '@/shared/table/filter-bar'
import { IconPrint } from '@/shared/ui/icons'
import { PageHeader } from '@/shared/ui/page-header'
import './print.css'
import type { ReportQuery } from './queries'

type Props = {
  report: 'sales-by-day' | 'sales-by-product'
  query: ReportQuery
  /** Filters beside the period. */
  filters: ReactNode
  children: ReactNode
}

/** What all reports have: heading with the period, filters, export, print. */
export function ReportFrame({ report, query, filters, children }: Props) {
  const { t } = useTranslation('report')
  const format = useFormat()
  const organization = useOrganization()
  const { from, to, today } = usePeriod()
  useRememberSearch()
  return (
    <>
      <PageHeader
        back={<BackLink to="/o/$organizationId/reports">{t('title')}</BackLink>}
        title={t(`report.${report}.title`)}
        description={t('of_period', {
          name: organization.name,
          period: format.dayRange(from ?? today, to ?? today),
        })}
        actions={
          <>
            <Button
              variant="default"
              leftSection={<IconPrint size={18} />}
              onClick={() => window.print()}
              visibleFrom="sm"
            >
              {t('print')}
            </Button>
            <ExportMenu
              organizationId={organization.id}
              path={`reports/${report}`}
              query={{ ...query }}
            />
          </>
        }
      />
      <FilterBar>
        <PeriodFilter bounded />
        {filters}
      </FilterBar>
      {children}
    </>
  )
}
