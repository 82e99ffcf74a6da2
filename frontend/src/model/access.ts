// What an organization has to open, and what may be done with it. Roles, menu, routes and buttons read this table.

/** The sections of an organization, in the order in which roles show them. */
export const sections = [
  'organization',
  'members',
  'licenses',
  'sync',
  'directories',
  'documents',
  'deliveries',
  'reports',
  'history',
  'integrations',
] as const

/** A section of an organization. */
export type Section = (typeof sections)[number]

/** What one may do in a section; edit includes view. */
export const actions = ['view', 'edit'] as const

/** An action in a section. */
export type Action = (typeof actions)[number]

/** A permission as the server names it. */
export type Permission = `${Section}:${Action}`

/** The roles that every organization has, from the mightiest down. */
export const builtinRoles = ['owner', 'manager', 'accountant', 'dispatcher', 'viewer'] as const

/** What a license opens. */
export const modules = ['delivery'] as const

/** A module of a license. */
export type Module = (typeof modules)[number]

/** The module that must be licensed for a section to open. */
export const moduleOf: Partial<Record<Section, Module>> = { deliveries: 'delivery' }
