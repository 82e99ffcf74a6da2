import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)
const programs = resolve('../bin')

/** A demo database with the agent beside it. */
export type DemoSource = {
  /** Runs a command in the source's folder as it stands. */
  run: (command: string) => Promise<void>
  remove: () => Promise<void>
}

/** Makes a demo database with two weeks of sales. */
export async function openDemoSource(): Promise<DemoSource> {
  const folder = await mkdtemp(join(tmpdir(), 'source-e2e-'))
  const env = { ...process.env, PATH: `${programs}:${process.env.PATH ?? ''}` }
  const inFolder = async (command: string) => {
    await run('sh', ['-c', command], { cwd: folder, env, maxBuffer: 1 << 24 })
  }
  await inFolder('kit demo-source --out source.db --mapping mapping.yaml --days 14 --outlets 1')
  return {
    run: inFolder,
    remove: () => rm(folder, { recursive: true, force: true }),
  }
}
