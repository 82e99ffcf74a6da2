import { createContext, useContext } from 'react'
import type { Me, OrganizationAccess } from '../api/types'

/** One of the person's organizations; null for any other id, whether it exists or not. */
export function organizationOf(me: Me, id: string | null | undefined): OrganizationAccess | null {
  return me.organizations.find((organization) => organization.id === id) ?? null
}

/** The organization in sight: that of the address; on the account's own pages the last one of this tab. */
export const OrganizationContext = createContext<OrganizationAccess | null>(null)

/** The organization in sight, or null where none is. */
export function useCurrentOrganization(): OrganizationAccess | null {
  return useContext(OrganizationContext)
}

/** The organization in the address. Only below the routes of an organization; throws elsewhere. */
export function useOrganization(): OrganizationAccess {
  const organization = useCurrentOrganization()
  if (!organization) throw new Error('no organization is in sight')
  return organization
}
