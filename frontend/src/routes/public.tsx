import { createRoute, lazyRouteComponent, redirect } from '@tanstack/react-router'
import { PublicLayout } from '@/app/public-layout'
import { accessToken, wasSignedIn } from '@/shared/api/session'
import { search, text } from '@/shared/table/search'
import { rootRoute } from './root'

/** Pages for those who are not signed in. */
export const publicRoute = createRoute({
  getParentRoute: () => rootRoute,
  id: 'public',
  component: PublicLayout,
})

// A path of this application; anything else in `next` would let a link send people to a foreign page.
const ownPath = (next?: string) => (next && /^\/(?![/\\])/.test(next) ? next : undefined)

const leaveIfSignedIn = async (next?: string) => {
  if (!wasSignedIn()) return
  const token = await accessToken().catch(() => null)
  if (token) throw redirect({ to: ownPath(next) ?? '/' })
}

const signInSearch = search((raw) => ({ next: text(raw.next) }))

const signInRoute = createRoute({
  getParentRoute: () => publicRoute,
  path: '/sign-in',
  validateSearch: signInSearch,
  beforeLoad: ({ search }) => leaveIfSignedIn(search.next),
  component: lazyRouteComponent(() => import('@/features/account/sign-in-page'), 'SignInPage'),
})

const registerRoute = createRoute({
  getParentRoute: () => publicRoute,
  path: '/register',
  beforeLoad: () => leaveIfSignedIn(),
  component: lazyRouteComponent(() => import('@/features/account/register-page'), 'RegisterPage'),
})

const letterSentRoute = createRoute({
  getParentRoute: () => publicRoute,
  path: '/letter-sent',
  validateSearch: search((raw) => ({ email: text(raw.email) })),
  component: lazyRouteComponent(
    () => import('@/features/account/letter-sent-page'),
    'LetterSentPage',
  ),
})

const verifyEmailRoute = createRoute({
  getParentRoute: () => publicRoute,
  path: '/verify-email',
  validateSearch: search((raw) => ({ token: text(raw.token) })),
  component: lazyRouteComponent(
    () => import('@/features/account/verify-email-page'),
    'VerifyEmailPage',
  ),
})

const forgotPasswordRoute = createRoute({
  getParentRoute: () => publicRoute,
  path: '/forgot-password',
  component: lazyRouteComponent(
    () => import('@/features/account/forgot-password-page'),
    'ForgotPasswordPage',
  ),
})

const resetPasswordRoute = createRoute({
  getParentRoute: () => publicRoute,
  path: '/reset-password',
  validateSearch: search((raw) => ({ token: text(raw.token) })),
  component: lazyRouteComponent(
    () => import('@/features/account/reset-password-page'),
    'ResetPasswordPage',
  ),
})

export const publicRoutes = publicRoute.addChildren([
  signInRoute,
  registerRoute,
  letterSentRoute,
  verifyEmailRoute,
  forgotPasswordRoute,
  resetPasswordRoute,
])
