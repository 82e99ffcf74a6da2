import type { LinkProps } from '@tanstack/react-router'
import type { CurrentOrganization } from '@/shared/api/types'
import { can, type Permission } from '@/shared/session/me'
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
  key: 'home' | DataSection | 'organizations' | 'licenses' | 'accounts'
  to: LinkProps['to']
  icon: Icon
}

type DataSection = 'reports' | 'charts' | 'documents' | 'directories' | 'deliveries' | 'sync'
type DataEntry = MenuEntry & { permission: Permission; module?: string }

const home: MenuEntry = { key: 'home', to: '/', icon: IconHome }

// Sections of one organization's data, in the guide's order.
const data: DataEntry[] = [
  { key: 'reports', to: '/reports', icon: IconReport, permission: 'reports:view' },
  { key: 'charts', to: '/charts', icon: IconChart, permission: 'reports:view' },
  { key: 'documents', to: '/documents', icon: IconDocument, permission: 'documents:view' },
  { key: 'directories', to: '/directories', icon: IconDirectory, permission: 'directories:view' },
  {
    key: 'deliveries',
    to: '/deliveries',
    icon: IconDelivery,
    permission: 'deliveries:view',
    module: 'delivery',
  },
  { key: 'sync', to: '/synchronization', icon: IconSync, permission: 'sync:view' },
]

const account: MenuEntry[] = [
  { key: 'organizations', to: '/organizations', icon: IconOrganization },
  { key: 'licenses', to: '/licenses', icon: IconLicense },
  { key: 'accounts', to: '/accounts', icon: IconAccount },
]

/** The menu as the guide has it: the data's sections only with an organization, a permission and a license. */
export function menuFor(organization: CurrentOrganization | null) {
  const open = (entry: DataEntry) =>
    organization !== null &&
    can(organization.permissions, entry.permission) &&
    (!entry.module || organization.modules.includes(entry.module))
  return { data: [home, ...data.filter(open)], account }
}
