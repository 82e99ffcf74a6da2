import { describe, expect, it } from 'vitest'
import type { OrganizationAccess } from '@/shared/api/types'
import { samePageOf } from './same-page'

const organization = (permissions: string[], modules: string[] = []) =>
  ({ id: 'other', permissions, modules }) as unknown as OrganizationAccess

const page = (fullPath: string, section: 'documents' | 'deliveries' | undefined, rest = {}) => ({
  fullPath,
  params: { organizationId: 'this' },
  search: {},
  staticData: { section },
  ...rest,
})

const home = { to: '/o/$organizationId', params: { organizationId: 'other' } }

describe('the same page of another organization', () => {
  it('keeps period, order and search, and leaves what only one organization has', () => {
    const list = page('/o/$organizationId/documents/$kind', 'documents', {
      params: { organizationId: 'this', kind: 'receipt' },
      search: { period: 'today', sort: '-total', q: '17', outlet_id: 'x', cursor: 'y' },
    })
    expect(samePageOf(organization(['documents:view']), list)).toEqual({
      to: '/o/$organizationId/documents/$kind',
      params: { organizationId: 'other', kind: 'receipt' },
      search: { period: 'today', sort: '-total', q: '17' },
    })
  })

  it('is the list in place of a record', () => {
    const record = page('/o/$organizationId/documents/$kind/$id', 'documents', {
      params: { organizationId: 'this', kind: 'receipt', id: 'z' },
    })
    expect(samePageOf(organization(['documents:edit']), record).to).toBe(
      '/o/$organizationId/documents/$kind',
    )
  })

  it('is the page itself where the organization is in sight', () => {
    const list = page('/o/$organizationId/documents/$kind', 'documents', {
      params: { organizationId: 'other', kind: 'receipt' },
      search: { outlet_id: 'x' },
    })
    expect(samePageOf(organization([]), list).search).toEqual({ outlet_id: 'x' })
  })

  it('is home where role or license close the section, and from pages without one', () => {
    const deliveries = page('/o/$organizationId/deliveries', 'deliveries')
    expect(samePageOf(organization([]), deliveries)).toEqual(home)
    expect(samePageOf(organization(['deliveries:view']), deliveries)).toEqual(home)
    expect(samePageOf(organization(['deliveries:view'], ['delivery']), deliveries).to).toBe(
      '/o/$organizationId/deliveries',
    )
    expect(samePageOf(organization(['documents:view']), page('/licenses', undefined))).toEqual(home)
  })
})
