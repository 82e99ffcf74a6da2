import { Paper, SimpleGrid, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { OrganizationLink } from '@/shared/ui/links'
import { PageHeader } from '@/shared/ui/page-header'
import classes from '@/features/record/kind-tiles.module.css'

const reports = ['sales-by-day', 'sales-by-product'] as const

/** «Отчеты»: the reports there are. */
export function ReportsPage() {
  const { t } = useTranslation('report')
  return (
    <>
      <PageHeader title={t('title')} description={t('text')} />
      <SimpleGrid component="ul" cols={{ base: 1, xs: 2 }} spacing="md" m={0} p={0}>
        {reports.map((report) => (
          <Paper
            key={report}
            component="li"
            withBorder
            p="md"
            bd="1px solid var(--interpos-card-border)"
            className={classes.tile}
          >
            <OrganizationLink
              to={`/o/$organizationId/reports/${report}`}
              className={classes.link}
              underline="never"
            >
              {t(`report.${report}.title`)}
            </OrganizationLink>
            <Text c="dimmed" fz="sm">
              {t(`report.${report}.text`)}
            </Text>
          </Paper>
        ))}
      </SimpleGrid>
    </>
  )
}
