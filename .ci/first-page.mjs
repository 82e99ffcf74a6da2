#!/usr/bin/env node
// Prints how much JavaScript the built SPA loads to show the sign-in page,
// gzipped, and fails above the limit. A real browser says which files those
// are; they are served from frontend/dist, without a server.
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'

const limit = 180 * 1024
const frontend = fileURLToPath(new URL('../frontend/', import.meta.url))
const { chromium } = createRequire(join(frontend, 'package.json'))('@playwright/test')

const types = { '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml', '.woff2': 'font/woff2' }
const loaded = new Map()

function answer(route) {
  const { pathname } = new URL(route.request().url())
  if (pathname.startsWith('/api/')) {
    const body = JSON.stringify({ type: 'about:blank', title: 'Unauthorized', status: 401, code: 'unauthorized' })
    return route.fulfill({ status: 401, contentType: 'application/problem+json', body })
  }
  const file = join(frontend, 'dist', pathname)
  const extension = extname(pathname)
  if (!extension || !existsSync(file)) {
    return route.fulfill({ contentType: 'text/html', body: readFileSync(join(frontend, 'dist/index.html')) })
  }
  const body = readFileSync(file)
  if (extension === '.js') loaded.set(pathname, gzipSync(body).length)
  return route.fulfill({ contentType: types[extension] ?? 'application/octet-stream', body })
}

const found = execFileSync(fileURLToPath(new URL('chromium', import.meta.url))).toString().trim()
const browser = await chromium.launch({ executablePath: found, args: ['--no-sandbox'] })
const page = await browser.newPage()
await page.route('**/*', answer)
await page.goto('http://cabinet.test/')
await page.locator('input[type=password]').waitFor()
await page.waitForTimeout(1000) // what is loaded ahead comes after the form
await browser.close()

const sum = [...loaded.values()].reduce((a, b) => a + b, 0)
for (const [name, size] of loaded) console.log(`${(size / 1024).toFixed(1).padStart(8)} KiB  ${name}`)
console.log(`${(sum / 1024).toFixed(1).padStart(8)} KiB  JavaScript of the first page, gzipped (at most ${limit / 1024} KiB)`)
process.exit(sum > limit ? 1 : 0)
