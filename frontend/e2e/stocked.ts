import { expect, type Browser, type Page } from '@playwright/test'
import { openVenue } from './agent'
import { password, Reader } from './guide'
import { words } from './words'

/** An organization whose venue has synchronized two weeks of sales, and its owner. */
export type Stocked = {
  email: string
  organizationId: string
  syncKey: string
  /** GET of a path below the organization. */
  get: <T>(path: string) => Promise<T>
  /** Pushes changes as a local database would. */
  push: (changes: object[]) => Promise<void>
}

const deviceId = '0190a2c4-7b1e-7c3a-9d55-3f1f0a6f2b11'

/** Opens an account and an organization, and synchronizes the demo venue with a real agent. */
export async function stock(browser: Browser, base: string, tag: string): Promise<Stocked> {
  const page = await browser.newPage()
  const reader = new Reader(page, words.ru, base, tag)
  await reader.haveAccount()
  const api = await apiOf(page, base, reader.email)
  const organization = await api.post<{ id: string; sync_key: string }>('/organizations', {
    name: 'Кофейня «Север»',
    time_zone: 'Europe/Moscow',
    currency: 'RUB',
    default_delivery_minutes: 60,
  })
  await api.patch('/me', { current_organization_id: organization.id })
  const venue = await openVenue()
  await venue.init(`agent init --url ${base} --key ${organization.sync_key} --config agent.yaml`)
  await venue.sync()
  await venue.remove()
  return {
    email: reader.email,
    organizationId: organization.id,
    syncKey: organization.sync_key,
    get: (path) => api.get(`/organizations/${organization.id}/${path}`),
    push: async (changes) => {
      const answer = await page.request.post(`${base}/api/v1/sync/push`, {
        headers: { Authorization: `Bearer ${organization.sync_key}` },
        data: { device_id: deviceId, changes },
      })
      expect(answer.status(), await answer.text()).toBe(200)
    },
  }
}

/** Signs in through the form and opens an address. */
export async function openAs(page: Page, base: string, { email }: Stocked, path: string) {
  await page.goto(`${base}/sign-in?next=${encodeURIComponent(path)}`)
  await page.locator('#email').fill(email)
  await page.locator('#password').fill(password)
  await page.locator('button[type=submit]').click()
  await expect(page).toHaveURL((url) => url.pathname !== '/sign-in')
}

async function apiOf(page: Page, base: string, email: string) {
  const signIn = async () => {
    const login = await page.request.post(`${base}/api/v1/auth/login`, {
      data: { email, password },
    })
    return ((await login.json()) as { access_token: string }).access_token
  }
  let token = await signIn()
  const send = async <T>(method: string, path: string, data?: object): Promise<T> => {
    const ask = () =>
      page.request.fetch(`${base}/api/v1${path}`, {
        method,
        data,
        headers: { Authorization: `Bearer ${token}` },
      })
    let answer = await ask()
    if (answer.status() === 401) {
      token = await signIn() // the token's quarter of an hour is over
      answer = await ask()
    }
    expect(answer.ok(), `${method} ${path}: ${answer.status()}`).toBe(true)
    return (await answer.json()) as T
  }
  return {
    get: <T>(path: string) => send<T>('GET', path),
    post: <T>(path: string, data: object) => send<T>('POST', path, data),
    patch: <T>(path: string, data: object) => send<T>('PATCH', path, data),
  }
}
