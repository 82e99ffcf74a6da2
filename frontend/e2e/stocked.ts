import { expect, type Browser, type Page } from '@playwright/test'
import { openDemoSource } from './agent'
import { password, Reader } from './guide'
import { words } from './words'

/** An organization and its owner. */
export type Opened = {
  email: string
  organizationId: string
  syncKey: string
  /** The address of a page of the organization. */
  at: (path: string) => string
  api: Awaited<ReturnType<typeof apiOf>>
}

/** An organization that has received two weeks of sales. */
export type Stocked = Opened & {
  /** GET of a path below the organization. */
  get: <T>(path: string) => Promise<T>
  /** Pushes changes as a local database would. */
  push: (changes: object[]) => Promise<void>
}

const deviceId = '0190a2c4-7b1e-7c3a-9d55-3f1f0a6f2b11'

/** Opens an account and an organization, which the account starts with. */
export async function openOrganization(
  browser: Browser,
  base: string,
  tag: string,
  name: string,
): Promise<Opened> {
  const page = await browser.newPage()
  const reader = new Reader(page, words.ru, base, tag)
  await reader.haveAccount()
  const api = await apiOf(page, base, reader.email)
  const { id, sync_key } = await createOrganization(api, name)
  await api.patch('/me', { current_organization_id: id })
  return {
    email: reader.email,
    organizationId: id,
    syncKey: sync_key,
    at: (path) => `${base}/o/${id}${path}`,
    api,
  }
}

/** Creates one more organization of an account. */
export const createOrganization = (api: Opened['api'], name: string) =>
  api.post<{ id: string; sync_key: string }>('/organizations', {
    name,
    time_zone: 'Europe/Moscow',
    currency: 'RUB',
    default_delivery_minutes: 60,
  })

/** Opens an organization, and synchronizes a demo database with a real agent. */
export async function openStocked(browser: Browser, base: string, tag: string): Promise<Stocked> {
  const opened = await openOrganization(browser, base, tag, 'Кофейня «Север»')
  const { api, organizationId, syncKey } = opened
  const source = await openDemoSource()
  await source.run(`agent init --url ${base} --key ${syncKey} --config agent.yaml`)
  await source.run('agent sync --config agent.yaml')
  await source.remove()
  const get = <T>(path: string) => api.get<T>(`/organizations/${organizationId}/${path}`)
  const isComplete = async () =>
    (await get<{ freshness: { complete: boolean } }>('dashboard')).freshness.complete
  await expect.poll(isComplete, { timeout: 60_000 }).toBe(true)
  return {
    ...opened,
    get,
    push: (changes) => api.push(syncKey, { device_id: deviceId, changes }),
  }
}

/** Signs in through the form and opens a page of the organization, in the browser's language: the account's is Russian. */
export async function openAs(page: Page, { email, at }: Stocked, path: string) {
  await page.addInitScript(() => {
    localStorage.setItem('interpos-language', navigator.language.slice(0, 2))
  })
  await signInTo(page, email, at(path))
}

/** Opens an address, signs in where it leads to, and comes back to the address. */
export async function signInTo(page: Page, email: string, address: string) {
  await page.goto(address)
  await expect(page).toHaveURL((url) => url.pathname === '/sign-in')
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
    push: async (syncKey: string, data: object) => {
      const answer = await page.request.post(`${base}/api/v1/sync/push`, {
        headers: { Authorization: `Bearer ${syncKey}` },
        data,
      })
      expect(answer.status(), await answer.text()).toBe(200)
    },
  }
}
