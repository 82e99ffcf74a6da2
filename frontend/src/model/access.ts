// Made by `make generate` from internal/access, where sections and roles are declared: change them there.

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
export type Section = (typeof sections)[number]

/** What one may do in a section; edit includes view. */
export const actions = ['view', 'edit'] as const
export type Action = (typeof actions)[number]

/** A permission as the server names it. */
export type Permission = `${Section}:${Action}`

/** The roles that every organization has, from the mightiest down. */
export const builtinRoles = ['owner', 'manager', 'accountant', 'dispatcher', 'viewer'] as const
export type BuiltinRole = (typeof builtinRoles)[number]

/** What an organization needs a license for. */
export const modules = ['delivery'] as const
export type Module = (typeof modules)[number]

/** The module that must be licensed for a section to open. */
export const moduleOf: Partial<Record<Section, Module>> = { deliveries: 'delivery' }
