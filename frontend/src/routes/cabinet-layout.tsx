import { createRoute, lazyRouteComponent, redirect } from '@tanstack/react-router'
import { FailedPage } from '@/app/fallback-pages'
import { accessToken } from '@/shared/api/session'
import { adoptLanguage } from '@/shared/i18n/language'
import { meOptions } from '@/shared/session/me-query'
import { rootRoute } from './root'

/** Everything behind the sign-in: whoever is not signed in goes there, and comes back to the same address. */
export const cabinetRoute = createRoute({
  getParentRoute: () => rootRoute,
  id: 'cabinet',
  beforeLoad: async ({ context, location }) => {
    if (!(await accessToken())) {
      throw redirect({
        to: '/sign-in',
        search: { next: location.href === '/' ? undefined : location.href },
      })
    }
    const me = await context.queryClient.ensureQueryData(meOptions())
    await adoptLanguage(me.locale)
  },
  component: lazyRouteComponent(() => import('@/app/shell/shell'), 'Shell'),
  errorComponent: FailedPage,
})
