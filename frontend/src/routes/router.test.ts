import { QueryClient } from '@tanstack/react-query'
import { describe, expect, it } from 'vitest'
import { sections } from '@/model/access'
import { createAppRouter } from './router'

const frame = '/o/$organizationId'
const routes = Object.values(createAppRouter(new QueryClient()).routesById)
const paths = routes.map(({ fullPath }) => fullPath as string)
const pages = routes.filter(({ fullPath }) => fullPath.startsWith(`${frame}/`))

describe('the pages of an organization', () => {
  it('name the section that opens them; home opens to every member', () => {
    const open = pages.filter(({ options }) => !options.staticData?.section)
    expect(open.map(({ fullPath }) => fullPath)).toEqual([`${frame}/`])
    for (const { options } of pages) {
      expect([undefined, ...sections]).toContain(options.staticData?.section)
    }
  })

  it('are found at their addresses of before', () => {
    const firsts = new Set(pages.map(({ fullPath }) => fullPath.split('/')[3]).filter(Boolean))
    expect(firsts.size).toBe(6)
    for (const first of firsts) {
      expect(paths.some((path) => path === `/${first}` || path === `/${first}/$`)).toBe(true)
    }
  })
})

// The server answers 404 at every other address.
it('stand in a file for the server', async () => {
  const addresses = [...new Set(paths.map((path) => path.replace(/(.)\/$/, '$1')))].filter(Boolean)
  const text = `${JSON.stringify(addresses.sort(), null, 2)}\n`
  await expect(text).toMatchFileSnapshot('../../public/pages.json')
})
