import { spawn, type ChildProcess } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

const binary = resolve(process.env.CABINET_BIN ?? '../bin/cabinet')

/** Starts the cabinet on a free port with an empty data directory; returns what stops it. */
export default async function startServer(): Promise<() => Promise<void>> {
  if (!existsSync(binary)) throw new Error(`${binary} is missing: run \`make build\` first`)
  const data = await mkdtemp(join(tmpdir(), 'cabinet-e2e-'))
  const address = `127.0.0.1:${await freePort()}`
  const server = spawn(binary, ['serve'], {
    env: {
      ...process.env,
      ADDR: address,
      DATA_DIR: data,
      PUBLIC_URL: `http://${address}`,
      DATABASE_URL: '',
      SMTP_URL: '',
      DEV_INBOX: 'on',
      OPS_ADDR: '127.0.0.1:0',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  await waitUntilReady(server)
  process.env.CABINET_URL = `http://${address}`
  process.env.CABINET_DATA = data
  return async () => {
    await stopServer(server)
    await rm(data, { recursive: true, force: true })
  }
}

// Resolves when the server has printed its address; fails with its last words when it ends before.
function waitUntilReady(server: ChildProcess): Promise<void> {
  return new Promise((done, fail) => {
    let said = ''
    const listen = (chunk: Buffer) => {
      said += chunk.toString()
      if (said.includes('is ready at')) done()
    }
    server.stdout?.on('data', listen)
    server.stderr?.on('data', listen)
    server.once('error', fail)
    server.once('exit', (code) =>
      fail(new Error(`the cabinet ended with ${code}:\n${said.slice(-2000)}`)),
    )
  })
}

function stopServer(server: ChildProcess): Promise<void> {
  return new Promise((done) => {
    if (server.exitCode !== null) return done()
    server.once('exit', () => done())
    server.kill('SIGTERM')
  })
}

function freePort(): Promise<number> {
  return new Promise((done, fail) => {
    const probe = createServer()
    probe.once('error', fail)
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo
      probe.close(() => done(port))
    })
  })
}
