import { Problem } from './problem'
import type { TokenGrant } from './types'
import { announceToTabs, onAnnouncement } from './tabs'

type Grant = { token: string; expiresAt: number }

const refreshUrl = '/api/v1/auth/refresh'
const hintKey = 'interpos-signed-in'
// A token this close to its end is renewed before it is used.
const marginMs = 30_000

// The access token lives in this variable only: no storage that other scripts could read.
let grant: Grant | null = null
let inFlight: Promise<string | null> | null = null
const listeners = new Set<() => void>()

onAnnouncement((message) => {
  if (message.type === 'grant') grant = message.grant
  else endSession()
})

/** Takes the tokens of a fresh sign-in. */
export function beginSession(granted: TokenGrant): void {
  adoptGrant(granted)
  listeners.forEach((listener) => listener())
}

/** Takes the tokens of a letter's link; whoever was signed in before, in any tab, is no more. */
export function replaceSession(granted: TokenGrant): void {
  endSessionEverywhere()
  beginSession(granted)
}

/** Forgets the session in this tab; the caller tells the server. */
function endSession(): void {
  grant = null
  setHint(false)
  listeners.forEach((listener) => listener())
}

/** Forgets the session in every tab of this browser. */
export function endSessionEverywhere(): void {
  endSession()
  announceToTabs({ type: 'signed-out' })
}

/** Called on sign-in and on the session's end, also when another tab signs out. Returns the unsubscriber. */
export function onSessionChange(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** Whether somebody signed in here before: says if asking for a refresh can make sense. */
export function wasSignedIn(): boolean {
  try {
    return grant !== null || localStorage.getItem(hintKey) !== null
  } catch {
    return true
  }
}

/** A usable access token, or null when nobody is signed in. Throws Problem when the server can't be asked. */
export async function accessToken(): Promise<string | null> {
  if (grant && grant.expiresAt - Date.now() > marginMs) return grant.token
  return refreshGrant(grant?.token ?? null)
}

/** fetch with the access token; a 401 is answered by one refresh and one repetition. */
export async function authorizedFetch(request: Request): Promise<Response> {
  if (new URL(request.url).pathname.startsWith('/api/v1/auth/')) return fetch(request)
  const token = await accessToken()
  const repetition = request.clone()
  const response = await fetch(withToken(request, token))
  if (response.status !== 401) return response
  const fresh = await refreshGrant(token)
  return fresh ? fetch(withToken(repetition, fresh)) : response
}

function withToken(request: Request, token: string | null): Request {
  if (token) request.headers.set('Authorization', `Bearer ${token}`)
  return request
}

// One refresh at a time: in this tab by the shared promise, among tabs by a lock. The spent token tells
// whether another tab has renewed it while this one waited.
function refreshGrant(spent: string | null): Promise<string | null> {
  inFlight ??= withLock(async () => {
    if (grant && grant.token !== spent) return grant.token
    return requestGrant()
  }).finally(() => {
    inFlight = null
  })
  return inFlight
}

async function requestGrant(): Promise<string | null> {
  const response = await fetch(refreshUrl, { method: 'POST' }).catch((error: unknown) => {
    throw new Problem(0, { code: 'network', detail: String(error) })
  })
  if (response.ok) return adoptGrant((await response.json()) as TokenGrant)
  if (response.status !== 401) throw new Problem(response.status, { code: 'unavailable' })
  endSession()
  return null
}

function adoptGrant(granted: TokenGrant): string {
  grant = { token: granted.access_token, expiresAt: Date.now() + granted.expires_in * 1000 }
  setHint(true)
  announceToTabs({ type: 'grant', grant })
  return grant.token
}

// Locks exist only on https and localhost; elsewhere the server's grace for a repeated refresh has to do.
async function withLock(task: () => Promise<string | null>): Promise<string | null> {
  return navigator.locks ? await navigator.locks.request('interpos-refresh', task) : task()
}

function setHint(signedIn: boolean): void {
  try {
    if (signedIn) localStorage.setItem(hintKey, '1')
    else localStorage.removeItem(hintKey)
  } catch {
    // Without storage the sign-in page just asks the server.
  }
}
