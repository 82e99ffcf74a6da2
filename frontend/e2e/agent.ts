import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)
const programs = resolve('../bin')

/** A demo database with the agent beside it. */
export type DemoSource = {
  /** Runs the command that the cabinet shows. */
  init: (command: string) => Promise<void>
  sync: () => Promise<void>
  remove: () => Promise<void>
}

/** Makes a demo database with two weeks of sales. */
export async function openDemoSource(): Promise<DemoSource> {
  const folder = await mkdtemp(join(tmpdir(), 'source-e2e-'))
  const start = (program: string, args: string[]) =>
    run(join(programs, program), args, { cwd: folder, maxBuffer: 1 << 24 })
  const agent = (...args: string[]) => start('agent', args)
  const source = ['--out', 'source.db', '--mapping', 'mapping.yaml']
  await start('kit', ['demo-source', ...source, '--days', '14', '--outlets', '1'])
  return {
    init: async (command) => {
      const [, ...args] = command.trim().split(/\s+/)
      await agent(...args, '--mapping', 'mapping.yaml')
    },
    sync: async () => {
      await agent('sync', '--config', 'agent.yaml')
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  }
}
