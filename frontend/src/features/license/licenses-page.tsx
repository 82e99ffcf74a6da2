import { Badge, Stack, Text } from '@mantine/core'
import { useQueries, useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { asProblem } from '@/shared/api/problem'
import type { License, OrganizationItem } from '@/shared/api/types'
import { useFormat } from '@/shared/format/use-format'
import { organizationsOptions } from '@/shared/session/organizations'
import { DataTable, type Column } from '@/shared/table/data-table'
import { Card } from '@/shared/ui/card'
import { IconLicense } from '@/shared/ui/icons'
import { ButtonLink } from '@/shared/ui/links'
import { PageHeader } from '@/shared/ui/page-header'
import { Loaded } from '@/shared/ui/loaded'
import { EmptyState, LoadingState, ProblemState } from '@/shared/ui/states'
import { licensesOptions } from './queries'

/** The licenses of every organization of the account: module, state, end. */
export function LicensesPage() {
  const { t } = useTranslation('license')
  const query = useQuery(organizationsOptions())
  return (
    <>
      <PageHeader title={t('title')} description={t('text')} />
      <Loaded
        query={query}
        isEmpty={({ items }) => items.length === 0}
        empty={
          <EmptyState
            icon={IconLicense}
            title={t('empty_title')}
            action={
              <ButtonLink to="/organizations" mt="sm">
                {t('empty_action')}
              </ButtonLink>
            }
          >
            {t('empty_text')}
          </EmptyState>
        }
      >
        {({ items }) => (
          <Stack gap="md">
            <Licenses organizations={items} />
            <Card title={t('renewal_title')}>
              <Text>{t('renewal_text')}</Text>
            </Card>
          </Stack>
        )}
      </Loaded>
    </>
  )
}

type Row = License & { organization: string }

function Licenses({ organizations }: { organizations: OrganizationItem[] }) {
  const { t } = useTranslation('license')
  const queries = useQueries({ queries: organizations.map(({ id }) => licensesOptions(id)) })
  // A role may close the licenses of one organization; those of the others are still shown.
  const failed = queries.find(({ error }) => error && asProblem(error).code !== 'forbidden')
  if (failed) {
    return <ProblemState problem={asProblem(failed.error)} retry={() => void failed.refetch()} />
  }
  if (queries.some((query) => query.isPending)) return <LoadingState />

  const rows = queries.flatMap(({ data }, index) =>
    (data?.items ?? []).map((license): Row => ({
      ...license,
      organization: organizations[index]?.name ?? '',
    })),
  )
  const columns: Column<Row>[] = [
    {
      key: 'module',
      header: t('module'),
      phone: 'title',
      cell: (row) => <ModuleName module={row.module} />,
    },
    { key: 'organization', header: t('organization'), cell: (row) => row.organization },
    {
      key: 'status',
      header: t('status_column'),
      phone: 'value',
      cell: (row) => <Status status={row.status} />,
    },
    {
      key: 'valid_until',
      header: t('valid_until'),
      cell: (row) => <LastDay license={row} />,
    },
  ]
  return (
    <Card>
      <DataTable caption={t('title')} columns={columns} rows={rows} rowKey={(row) => row.id} />
    </Card>
  )
}

/** The last day that a license is valid on, and how many are left with it. */
function LastDay({ license }: { license: License }) {
  const { t } = useTranslation('license')
  const format = useFormat()
  if (!license.last_day) return t('never_renewed')
  const day = format.day(license.last_day)
  return license.days_left > 0
    ? t('through', { day, count: license.days_left })
    : t('ended', { day })
}

function ModuleName({ module }: { module: string }) {
  const { t } = useTranslation('license')
  return module === 'delivery' ? t('module_name.delivery') : module
}

const colors = { inactive: 'gray', active: 'spruce', expiring: 'amber', expired: 'red' } as const

function Status({ status }: { status: string }) {
  const { t } = useTranslation('license')
  const known = status in colors ? (status as keyof typeof colors) : 'inactive'
  return (
    <Badge color={colors[known]} variant="light">
      {t(`status.${known}`)}
    </Badge>
  )
}
