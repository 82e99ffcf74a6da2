const key = 'interpos-organization'

/** The organization last seen in this tab, also after a reload; every tab has its own. */
export function lastOrganization(): string | null {
  try {
    return sessionStorage.getItem(key)
  } catch {
    return null
  }
}

/** Makes an organization the last one of this tab; null forgets it. */
export function rememberOrganization(organizationId: string | null): void {
  try {
    if (organizationId) sessionStorage.setItem(key, organizationId)
    else sessionStorage.removeItem(key)
  } catch {
    // Without storage the account's own pages show the organization that `/` leads to.
  }
}
