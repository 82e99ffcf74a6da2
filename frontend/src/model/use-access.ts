import type { OrganizationAccess } from '@/shared/api/types'
import { useCurrentOrganization } from '@/shared/session/organization'
import { moduleOf, type Action, type Permission, type Section } from './access'

/** Whether a role's permissions allow an action in a section; edit includes view. */
export function can(
  permissions: readonly string[],
  section: Section,
  action: Action = 'view',
): boolean {
  const holds = (permission: Permission) => permissions.includes(permission)
  return holds(`${section}:edit`) || (action === 'view' && holds(`${section}:view`))
}

/** Whether the person may do this in the organization in sight. */
export function useCan(section: Section, action: Action = 'view'): boolean {
  return can(useCurrentOrganization()?.permissions ?? [], section, action)
}

/** Why a section stays closed to the person in an organization; null where it opens. */
export function closedBy(
  { permissions, modules }: Pick<OrganizationAccess, 'permissions' | 'modules'>,
  section: Section,
): 'role' | 'license' | null {
  if (!can(permissions, section)) return 'role'
  const module = moduleOf[section]
  return module && !modules.includes(module) ? 'license' : null
}
