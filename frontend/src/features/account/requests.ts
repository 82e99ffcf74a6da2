import { api, unwrap } from '@/shared/api/client'

type Registration = {
  email: string
  password: string
  full_name: string
  phone?: string
  locale: 'ru' | 'en'
}

/** Opens an account; the answer is the same when the address is taken. */
export const register = (body: Registration) => unwrap(api.POST('/auth/register', { body }))

/** Whose letter a token is from, and whether its link still sets a password. */
export const lookUpLetter = (token: string) => unwrap(api.POST('/auth/letter', { body: { token } }))

type Confirmation = { token: string; password: string; locale: 'ru' | 'en' }

/** Confirms an e-mail address by the token of a letter, sets the account's password, and signs in. */
export const verifyEmail = (body: Confirmation) => unwrap(api.POST('/auth/verify-email', { body }))

/** Sends the confirmation letter again. */
export const resendVerification = (email: string) =>
  unwrap(api.POST('/auth/resend-verification', { body: { email } }))

/** Signs in; the refresh token comes as a cookie that scripts can't read. */
export const signIn = (body: { email: string; password: string }) =>
  unwrap(api.POST('/auth/login', { body }))

/** Sends a letter with a link to set a new password. */
export const forgotPassword = (email: string) =>
  unwrap(api.POST('/auth/forgot-password', { body: { email } }))

/** Sets a new password by the token of a letter; every session ends, and a new one begins. */
export const resetPassword = (body: { token: string; password: string }) =>
  unwrap(api.POST('/auth/reset-password', { body }))
