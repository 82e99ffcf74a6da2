import { createRoute, redirect, type ParsedLocation } from '@tanstack/react-router'
import type { QueryClient } from '@tanstack/react-query'
import { meOptions } from '@/shared/session/me-query'
import { cabinetRoute } from './cabinet-layout'

type Navigation = { context: { queryClient: QueryClient }; location: ParsedLocation }

// Addresses that name no organization lead to the same page of the one that `/` leads to.
const toOrganization = async ({ context, location }: Navigation) => {
  const me = await context.queryClient.ensureQueryData(meOptions())
  const { pathname, search, hash } = location
  const id = me.current_organization_id
  throw redirect({
    ...(id ? { to: `/o/${id}${pathname}` as string, search, hash } : { to: '/' }),
    replace: true,
  })
}

const oldAddress = <Path extends string>(path: Path) =>
  createRoute({ getParentRoute: () => cabinetRoute, path, beforeLoad: toOrganization })

/** Links and bookmarks from before the organization stood in the address. */
export const oldAddresses = [
  oldAddress('/reports/$'),
  oldAddress('/charts'),
  oldAddress('/documents/$'),
  oldAddress('/directories/$'),
  oldAddress('/deliveries'),
  oldAddress('/synchronization'),
] as const
