import { useMatch } from '@tanstack/react-router'
import { useEffect } from 'react'
import type { OrganizationAccess } from '@/shared/api/types'
import { lastOrganization, rememberOrganization } from '@/shared/session/last-organization'
import { useMe } from '@/shared/session/me'
import { organizationOf } from '@/shared/session/organization'

/** The organization in the address; on the account's own pages the last one of this tab, else the default. */
export function useOrganizationInSight(): OrganizationAccess | null {
  const me = useMe()
  const match = useMatch({ from: '/cabinet/o/$organizationId', shouldThrow: false })
  const addressed = match && organizationOf(me, match.params.organizationId)
  useEffect(() => {
    if (addressed) rememberOrganization(addressed.id)
  }, [addressed])
  if (match) return addressed ?? null
  return organizationOf(me, lastOrganization()) ?? organizationOf(me, me.current_organization_id)
}
