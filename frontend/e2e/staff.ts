import { execFile } from 'node:child_process'
import { resolve } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)
const binary = resolve(process.env.CABINET_BIN ?? '../bin/cabinet')

/** Lets an account own that many organizations, as support does beside the running server. */
export async function raiseLimit(email: string, limit: number): Promise<void> {
  const env = { ...process.env, DATA_DIR: process.env.CABINET_DATA, DATABASE_URL: '' }
  await run(binary, ['staff', 'organization-limit', email, String(limit)], { env })
}
