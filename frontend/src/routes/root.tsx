import type { QueryClient } from '@tanstack/react-query'
import { createRootRouteWithContext, Outlet } from '@tanstack/react-router'
import { FailedPage, NotFoundPage } from '@/app/fallback-pages'
import { useFocusAfterNavigation } from '@/app/focus'

export const rootRoute = createRootRouteWithContext<{ queryClient: QueryClient }>()({
  component: Root,
  notFoundComponent: NotFoundPage,
  errorComponent: FailedPage,
})

function Root() {
  useFocusAfterNavigation()
  return <Outlet />
}
