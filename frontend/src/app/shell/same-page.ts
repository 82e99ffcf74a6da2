import type { AnyRouteMatch, LinkProps } from '@tanstack/react-router'
import { closedBy } from '@/model/use-access'
import type { OrganizationAccess } from '@/shared/api/types'

type Page = Pick<AnyRouteMatch, 'fullPath' | 'params' | 'search' | 'staticData'>

/**
 * The page of another organization that answers the one in sight: the same list, report or chart with its
 * period, order and search; its home where there is none, or role or license close it. Of the one in sight it
 * is the page itself.
 */
export function samePageOf(organization: OrganizationAccess, page: Page): LinkProps {
  const { section } = page.staticData
  const organizationId = organization.id
  if (section && page.params.organizationId === organizationId) {
    return { to: page.fullPath, params: page.params, search: page.search as never }
  }
  if (!section || closedBy(organization, section)) {
    return { to: '/o/$organizationId', params: { organizationId } }
  }
  return {
    // A record is of one organization only: its list is of both.
    to: page.fullPath.replace(/\/\$id$/, ''),
    params: { ...page.params, organizationId },
    search: sharedSearch(page.search) as never,
  }
}

// Identifiers and cursors are of one organization only.
function sharedSearch(search: object): object {
  return Object.fromEntries(
    Object.entries(search).filter(([name]) => name !== 'cursor' && !name.endsWith('_id')),
  )
}
