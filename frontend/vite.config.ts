import { readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import react from '@vitejs/plugin-react'
import type { Plugin } from 'vite'
import { defineConfig } from 'vitest/config'

const server = process.env.CABINET_URL ?? 'http://127.0.0.1:8080'

// Leaves a compressed twin beside every text that is worth it; the server sends it to browsers that take gzip.
function gzipTwins(): Plugin {
  let outDir = ''
  return {
    name: 'gzip-twins',
    apply: 'build',
    configResolved: (config) => {
      outDir = config.build.outDir
    },
    closeBundle: async () => {
      for (const name of await readdir(outDir, { recursive: true })) {
        const file = join(outDir, name)
        if (!/\.(js|css|svg|html)$/.test(name) || (await stat(file)).size < 1024) continue
        await writeFile(`${file}.gz`, gzipSync(await readFile(file), { level: 9 }))
      }
    },
  }
}

export default defineConfig({
  plugins: [react(), gzipTwins()],
  resolve: { alias: { '@': fileURLToPath(new URL('./src', import.meta.url)) } },
  server: {
    // The server's own pages stay reachable at the address of the development server.
    proxy: Object.fromEntries(
      ['/api', '/docs', '/openapi.yaml', '/dev'].map((path) => [path, server]),
    ),
  },
  build: {
    target: 'es2022',
    // The content security policy has no data: for fonts and scripts.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  test: {
    environment: 'jsdom',
    include: ['src/**/*.test.{ts,tsx}'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    setupFiles: ['src/test-setup.ts'],
    // Formatted days must not depend on the zone of the machine.
    env: { TZ: 'UTC' },
  },
})
