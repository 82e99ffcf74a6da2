import { expect, test, type Page } from '@playwright/test'
import { expectSound } from './accessible'
import { openDemoSource } from './agent'
import { linkFor } from './letters'
import type { Words } from './words'

export const password = 'Пароль для проверки 1'

/** Somebody who walks through the guide with a fresh account. */
export class Reader {
  readonly email: string
  readonly name = 'Анна Петрова'

  constructor(
    readonly page: Page,
    readonly say: Words,
    readonly base: string,
    tag: string,
  ) {
    this.email = `${tag}-${Date.now()}@example.com`
  }

  async open(path: string) {
    await this.page.goto(this.base + path)
  }

  async seesHeading(name: string) {
    await expect(this.page.getByRole('heading', { level: 1, name })).toBeVisible()
  }

  /** Shows the menu, which stands behind a button on a phone, once one of both is there. */
  private async openMenu() {
    const burger = this.page.getByRole('button', { name: this.say.menu })
    const entries = this.page.getByRole('navigation').getByRole('link')
    await expect(burger.or(entries.first()).filter({ visible: true }).first()).toBeVisible()
    if (await burger.isVisible()) await burger.click()
    await expect(entries.first()).toBeVisible()
    return entries
  }

  /** Goes by the menu. */
  async choose(entry: string) {
    await this.openMenu()
    await this.page.getByRole('navigation').getByRole('link', { name: entry, exact: true }).click()
    await this.seesHeading(entry)
  }

  async menuEntries(): Promise<string[]> {
    const entries = await this.openMenu()
    const names = await entries.allInnerTexts()
    await this.page.keyboard.press('Escape')
    return names.map((name) => name.trim())
  }

  field(label: string) {
    return this.page.getByLabel(label, { exact: false }).first()
  }

  button(name: string | RegExp) {
    return this.page.getByRole('button', { name, exact: true })
  }

  async register() {
    const { page, say } = this
    await page.getByRole('link', { name: say.registration }).click()
    await this.seesHeading(say.registration)
    await expectSound(page, 'registration')
    await this.button(say.register).click()
    await expect(page.getByText(say.required)).toHaveCount(3)
    await expect(page.locator('#full_name')).toBeFocused()
    await expectSound(page, 'registration refused')
    await page.locator('#full_name').fill(this.name)
    await page.locator('#email').fill(this.email)
    await page.locator('#password').fill(password)
    await this.button(say.register).click()
    await this.seesHeading(say.checkMail)
    await expectSound(page, 'letter sent')
  }

  async confirm() {
    const { page, say } = this
    const link = await linkFor(page.request, this.base, this.email, '/verify-email')
    await page.goto(link)
    await this.seesHeading(say.confirm)
    expect(new URL(page.url()).hash, 'the token has left the address').toBe('')
    await expectSound(page, 'confirmation')
    await page.locator('#password').fill(password)
    await this.button(say.confirmAndSignIn).click()
    await this.seesHeading(say.home)
    await page.goto(link.replace('#', '?')) // as the links of earlier letters were
    await this.seesHeading(say.confirmed)
    expect(new URL(page.url()).search, 'the token has left the address').toBe('')
    await expectSound(page, 'link of a confirmed address')
    await this.open('/')
    await this.signOut()
    await page.goto(link)
    await page.getByRole('link', { name: say.signIn }).click()
    await expect(page.locator('#email')).toHaveValue(this.email)
    await page.goto(`${this.base}/verify-email#token=unknown`)
    await this.seesHeading(say.spent)
    await expectSound(page, 'spent link')
  }

  async signIn(from = '/sign-in') {
    const { page, say } = this
    await this.open(from)
    await this.seesHeading(say.signInTitle)
    await page.locator('#email').fill(this.email)
    await page.locator('#password').fill(password)
    await this.button(say.signIn).click()
    await expect(page).toHaveURL((url) => url.pathname !== '/sign-in')
  }

  async createOrganization(name: string) {
    const { page, say } = this
    await page.getByRole('link', { name: say.create }).click()
    await expectSound(page, 'new organization')
    await expect(page.locator('#time_zone')).toHaveValue(/Moscow|Москва/)
    await page.locator('#name').fill(name)
    await this.button(say.back).click()
    await page.getByRole('dialog').getByRole('button', { name: say.stay }).click()
    await expect(page.locator('#name')).toHaveValue(name)
    await this.pickCurrency('RUB')
    await this.button(say.save).click()
    await expect(page).toHaveURL(/\/organizations\/[0-9a-f-]{36}/)
    await expectSound(page, 'organization with its key')
  }

  async pickCurrency(code: string) {
    const field = this.page.locator('#currency')
    await field.click()
    await field.fill(code)
    await this.page.getByRole('option', { name: new RegExp(`^${code}`) }).click()
  }

  /** The sync key that the edit form shows, through its copy button. */
  async copySyncKey(): Promise<string> {
    const shown = await this.page.getByRole('textbox', { name: this.say.syncKey }).inputValue()
    await this.button(this.say.copyKey).click()
    await expect.poll(() => this.page.evaluate(() => navigator.clipboard.readText())).toBe(shown)
    expect(shown).toMatch(/^isk_/)
    return shown
  }

  async chooseOrganization(name: string) {
    const { page, say } = this
    await this.choose(say.accounts)
    await expectSound(page, 'accounts')
    await page.getByRole('link', { name: new RegExp(this.name) }).click()
    await expectSound(page, 'account settings')
    await page.locator('#current_organization_id').click()
    await page.getByRole('option', { name }).click()
    await Promise.all([
      expect(page.getByText(say.updated)).toBeVisible(), // it goes away by itself
      this.button(say.update).click(),
    ])
  }

  /** Runs the agent with the command from the screen; the page must move on by itself. */
  async connectSource() {
    const { page, say } = this
    const source = await openDemoSource()
    try {
      await expect(page.getByRole('heading', { name: say.setup })).toBeVisible()
      await expectSound(page, 'set-up')
      const commands = await page.getByText(/^agent /).allInnerTexts()
      expect(commands.map((command) => command.split(' ')[1])).toEqual([
        'init',
        'check-mapping',
        'sync',
      ])
      for (const command of commands) await source.run(command)
      await expect(page.getByRole('heading', { name: say.today })).toBeVisible({ timeout: 30_000 })
    } finally {
      await source.remove()
    }
  }

  /** Opens a confirmed account without the screens, for tests of what comes after. */
  async haveAccount() {
    const registered = await this.page.request.post(`${this.base}/api/v1/auth/register`, {
      data: { email: this.email, password, full_name: this.name, locale: 'ru' },
      headers: { 'X-Forwarded-For': anyNetwork() },
    })
    expect(registered.status()).toBe(202)
    const link = await linkFor(this.page.request, this.base, this.email, '/verify-email')
    const token = new URLSearchParams(new URL(link).hash.slice(1)).get('token')
    const confirmed = await this.page.request.post(`${this.base}/api/v1/auth/verify-email`, {
      data: { token, password },
    })
    expect(confirmed.status()).toBe(200)
    await this.page.context().clearCookies() // signed in by it
    return (await confirmed.json()) as { access_token: string }
  }

  async signOut() {
    await this.button(this.say.userMenu).click()
    await this.page.getByRole('menuitem', { name: this.say.signOut }).click()
    await this.seesHeading(this.say.signInTitle)
  }
}

/** Figures 1 to 9 of the guide, in one language, on one size of screen. */
export async function walkTheGuide(page: Page, say: Words, base: string, tag: string) {
  const reader = new Reader(page, say, base, tag)

  await test.step('figure 1: sign-in', async () => {
    await reader.open('/')
    await reader.seesHeading(say.signInTitle)
    await expect(page.getByRole('link', { name: say.resetPassword })).toBeVisible()
    await expectSound(page, 'sign-in')
  })
  await test.step('figure 2: registration and the letter', async () => {
    await reader.register()
    await reader.confirm()
  })
  await test.step('figure 3: home, before an organization is chosen', async () => {
    await reader.signIn()
    await reader.seesHeading(say.home)
    await expectSound(page, 'home without an organization')
    expect(await reader.menuEntries()).toEqual([
      say.home,
      say.organizations,
      say.licenses,
      say.accounts,
    ])
  })
  await test.step('figure 4: organizations and their limit', async () => {
    await reader.choose(say.organizations)
    await expect(page.getByText(say.limit(0, 1))).toBeVisible()
    await expectSound(page, 'organizations')
  })
  await test.step('figures 5 and 6: a new organization and its sync key', async () => {
    await reader.createOrganization('Кофейня «Север»')
    await reader.copySyncKey()
    await reader.choose(say.organizations)
    await expect(page.getByText(say.limit(1, 1))).toBeVisible()
    await expect(reader.button(say.create)).toHaveAttribute('aria-disabled', 'true')
    await expect(page.getByText(say.support).first()).toBeVisible()
  })
  await test.step('its Delivery license, inactive', async () => {
    await reader.choose(say.licenses)
    await expect(page.getByText(say.inactive)).toBeVisible()
    await expectSound(page, 'licenses')
  })
  await test.step('figure 8: the organization one works in', async () => {
    await reader.chooseOrganization('Кофейня «Север»')
  })
  await test.step('figures 7 and 9: the agent, and the numbers on Home', async () => {
    await reader.choose(say.home)
    await reader.connectSource()
    await expect(page.getByText(say.netSales).first()).toBeVisible()
    await expect(page.getByText(say.lastSync)).toBeVisible()
    await expectSound(page, 'home with numbers')
    await page.getByText(say.table, { exact: true }).click()
    await expectSound(page, 'sales as a table')
    await page.mouse.move(0, 0)
    expect(await reader.menuEntries()).toEqual([
      say.home,
      say.reports,
      say.charts,
      say.documents,
      say.directories,
      say.sync,
      say.organizations,
      say.licenses,
      say.accounts,
    ])
  })
  await test.step('a deep link survives a reload, a sign-out and a sign-in', async () => {
    await reader.choose(say.licenses)
    await page.reload()
    await reader.seesHeading(say.licenses)
    await reader.signOut()
    await reader.signIn('/licenses')
    await reader.seesHeading(say.licenses)
  })
}

/** An address of a network that has asked for no letters yet: one network may ask for so many. */
function anyNetwork(): string {
  const part = () => Math.floor(Math.random() * 0x10000).toString(16)
  return `2001:db8:${part()}:${part()}::1`
}
