import { getRouteApi, Outlet, useMatches } from '@tanstack/react-router'
import { Fragment } from 'react'
import type { Section } from '@/model/access'
import { closedBy } from '@/model/use-access'
import { useMe } from '@/shared/session/me'
import { organizationOf } from '@/shared/session/organization'
import { ClosedByLicense, ClosedByRole, OrganizationNotFound } from './closed-pages'

declare module '@tanstack/react-router' {
  interface StaticDataRouteOption {
    /** The section that a page of an organization belongs to; without one every member may open it. */
    section?: Section
  }
}

const route = getRouteApi('/cabinet/o/$organizationId')

/** The pages of the organization in the address, for those whose role and license open their section. */
export function OrganizationFrame() {
  const { organizationId } = route.useParams()
  const organization = organizationOf(useMe(), organizationId)
  const section = useSection()
  if (!organization) return <OrganizationNotFound />
  const closed = section && closedBy(organization, section)
  if (closed === 'role') return <ClosedByRole organization={organization} section={section!} />
  if (closed === 'license') return <ClosedByLicense section={section!} />
  // What a page of one organization remembers must not be drawn for another.
  return (
    <Fragment key={organizationId}>
      <Outlet />
    </Fragment>
  )
}

function useSection(): Section | undefined {
  return useMatches({ select: (matches) => matches.at(-1)?.staticData.section })
}
