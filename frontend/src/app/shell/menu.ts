import type { LinkProps } from '@tanstack/react-router'
import type { Section } from '@/model/access'
import { closedBy } from '@/model/use-access'
import type { OrganizationAccess } from '@/shared/api/types'
import {
  IconAccount,
  IconChart,
  IconDelivery,
  IconDirectory,
  IconDocument,
  IconHome,
  IconLicense,
  IconOrganization,
  IconReport,
  IconSync,
  type Icon,
} from '@/shared/ui/icons'

/** An entry of the menu; its name is the key `menu.<key>` of the namespace shell. */
export type MenuEntry = {
  key:
    | 'home'
    | 'reports'
    | 'charts'
    | 'documents'
    | 'directories'
    | 'deliveries'
    | 'sync'
    | 'organizations'
    | 'licenses'
    | 'accounts'
  to: LinkProps['to']
  icon: Icon
}

const start: MenuEntry = { key: 'home', to: '/', icon: IconHome }

const home: MenuEntry = { key: 'home', to: '/o/$organizationId', icon: IconHome }

// Pages of one organization, in the guide's order.
const pages: (MenuEntry & { section: Section })[] = [
  { key: 'reports', to: '/o/$organizationId/reports', icon: IconReport, section: 'reports' },
  { key: 'charts', to: '/o/$organizationId/charts', icon: IconChart, section: 'reports' },
  {
    key: 'documents',
    to: '/o/$organizationId/documents',
    icon: IconDocument,
    section: 'documents',
  },
  {
    key: 'directories',
    to: '/o/$organizationId/directories',
    icon: IconDirectory,
    section: 'directories',
  },
  {
    key: 'deliveries',
    to: '/o/$organizationId/deliveries',
    icon: IconDelivery,
    section: 'deliveries',
  },
  { key: 'sync', to: '/o/$organizationId/synchronization', icon: IconSync, section: 'sync' },
]

const account: MenuEntry[] = [
  { key: 'organizations', to: '/organizations', icon: IconOrganization },
  { key: 'licenses', to: '/licenses', icon: IconLicense },
  { key: 'accounts', to: '/accounts', icon: IconAccount },
]

/** The menu as the guide has it: with an organization, home and the sections that role and license open. */
export function menuFor(organization: OrganizationAccess | null) {
  if (!organization) return { data: [start], account }
  const open = pages.filter(({ section }) => closedBy(organization, section) === null)
  return { data: [home, ...open], account }
}
