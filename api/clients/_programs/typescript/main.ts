// Pushes, pulls and reads a report by the types that openapi-typescript generates.
import { readFileSync } from 'node:fs'
import createClient from 'openapi-fetch'
import type { components, paths } from './schema.js'

type Schemas = components['schemas']

interface Input {
  url: string
  key: string
  token: string
  organization: string
  device: string
  id: string
  day: string
  data: Schemas['ReceiptData']
}

const given = JSON.parse(readFileSync(0, 'utf8')) as Input
const client = createClient<paths, 'application/json'>({ baseUrl: given.url })
const bearer = (token: string) => ({ Authorization: `Bearer ${token}` })

const change: Schemas['PushChange'] = {
  kind: 'receipt',
  id: given.id,
  modified_at: new Date().toISOString(),
  data: given.data,
}
const pushed = await client.POST('/sync/push', {
  headers: bearer(given.key),
  body: { device_id: given.device, changes: [change] },
})
if (!pushed.data) throw new Error(`push: ${JSON.stringify(pushed.error)}`)

const pulled = await client.GET('/sync/changes', { headers: bearer(given.key) })
if (!pulled.data) throw new Error(`pull: ${JSON.stringify(pulled.error)}`)
const data = pulled.data.changes[0]?.data as Schemas['ReceiptData']

const report = await client.GET('/organizations/{organization_id}/reports/sales-by-day', {
  headers: bearer(given.token),
  params: { path: { organization_id: given.organization }, query: { from: given.day, to: given.day } },
})
if (!report.data) throw new Error(`report: ${JSON.stringify(report.error)}`)

process.stdout.write(JSON.stringify({ status: pushed.data.results[0]?.status, data, report: report.data }))
