import { MantineProvider } from '@mantine/core'
import { QueryClientProvider, type QueryClient } from '@tanstack/react-query'
import { RouterProvider, type AnyRouter } from '@tanstack/react-router'
import { Suspense, useEffect } from 'react'
import { onSessionChange } from '@/shared/api/session'
import { rememberOrganization } from '@/shared/session/last-organization'
import { colorSchemeManager } from '@/shared/theme/color-scheme'
import { cssVariables, theme } from '@/shared/theme/theme'

/** The application: theme, queries, router. */
export function App({ router, queryClient }: { router: AnyRouter; queryClient: QueryClient }) {
  useSessionGuard(router, queryClient)
  return (
    <MantineProvider
      theme={theme}
      cssVariablesResolver={cssVariables}
      colorSchemeManager={colorSchemeManager}
      defaultColorScheme="auto"
    >
      <QueryClientProvider client={queryClient}>
        <Suspense>
          <RouterProvider router={router} />
        </Suspense>
      </QueryClientProvider>
    </MantineProvider>
  )
}

// When the session begins or ends, here or in another tab, the routes' guards decide anew what may be shown,
// and nothing of the person before stays in memory.
function useSessionGuard(router: AnyRouter, queryClient: QueryClient) {
  useEffect(
    () =>
      onSessionChange(() => {
        queryClient.clear()
        rememberOrganization(null)
        void router.invalidate()
      }),
    [router, queryClient],
  )
}
