import {
  createRoute,
  lazyRouteComponent,
  redirect,
  type ParsedLocation,
} from '@tanstack/react-router'
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

const signInSearch = search((raw) => ({ next: text(raw.next), email: text(raw.email) }))

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

declare module '@tanstack/react-router' {
  interface HistoryState {
    /** The token of the letter whose link led here. */
    letterToken?: string
    /** How many sessions a reset has ended. */
    sessionsEnded?: number
  }
}

const tokenSearch = search((raw) => ({ token: text(raw.token) }))

// The token of a letter's link leaves the address at once, for the state of the history entry, which nothing
// shows or sends. Links of earlier letters carry it as `?token=`.
const takeToken = (
  to: '/verify-email' | '/reset-password',
  { hash, search }: ParsedLocation<{ token?: string }>,
) => {
  const letterToken = new URLSearchParams(hash).get('token') ?? search.token
  if (letterToken) throw redirect({ to, search: {}, state: { letterToken }, replace: true })
}

const emailSearch = search((raw) => ({ email: text(raw.email) }))

const letterSentRoute = createRoute({
  getParentRoute: () => publicRoute,
  path: '/letter-sent',
  validateSearch: emailSearch,
  component: lazyRouteComponent(
    () => import('@/features/account/letter-sent-page'),
    'LetterSentPage',
  ),
})

const verifyEmailRoute = createRoute({
  getParentRoute: () => publicRoute,
  path: '/verify-email',
  validateSearch: tokenSearch,
  beforeLoad: ({ location }) => takeToken('/verify-email', location),
  component: lazyRouteComponent(
    () => import('@/features/account/verify-email-page'),
    'VerifyEmailPage',
  ),
})

const forgotPasswordRoute = createRoute({
  getParentRoute: () => publicRoute,
  path: '/forgot-password',
  validateSearch: emailSearch,
  component: lazyRouteComponent(
    () => import('@/features/account/forgot-password-page'),
    'ForgotPasswordPage',
  ),
})

const resetPasswordRoute = createRoute({
  getParentRoute: () => publicRoute,
  path: '/reset-password',
  validateSearch: tokenSearch,
  beforeLoad: ({ location }) => takeToken('/reset-password', location),
  component: lazyRouteComponent(
    () => import('@/features/account/reset-password-page'),
    'ResetPasswordPage',
  ),
})

const afterResetRoute = createRoute({
  getParentRoute: () => publicRoute,
  path: '/after-reset',
  beforeLoad: async () => {
    if (!wasSignedIn() || !(await accessToken())) throw redirect({ to: '/sign-in' })
  },
  component: lazyRouteComponent(
    () => import('@/features/organization/after-reset-page'),
    'AfterResetPage',
  ),
})

export const publicRoutes = publicRoute.addChildren([
  signInRoute,
  registerRoute,
  letterSentRoute,
  verifyEmailRoute,
  forgotPasswordRoute,
  resetPasswordRoute,
  afterResetRoute,
])
