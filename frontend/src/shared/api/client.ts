import createClient from 'openapi-fetch'
import { authorizedFetch } from './session'
import { asProblem, problemOf } from './problem'
import type { paths } from './types'

/** The typed client of /api/v1. Every call passes through unwrap. */
export const api = createClient<paths, 'application/json'>({
  baseUrl: `${location.origin}/api/v1`,
  fetch: authorizedFetch,
})

type Answer<T> = { data?: T; error?: unknown; response: Response }

/** An answer that can be edited, with the tag of what was read. */
export type Tagged<T> = T & { etag: string | null }

/** The body of a successful answer with its tag, for If-Match. Throws as unwrap. */
export async function unwrapTagged<T extends object>(call: Promise<Answer<T>>): Promise<Tagged<T>> {
  let etag: string | null = null
  const noted = call.then((answer) => {
    etag = answer.response.headers.get('ETag')
    return answer
  })
  return { ...(await unwrap(noted)), etag }
}

/** The body of a successful answer. Throws Problem for every other outcome, a lost network included. */
export async function unwrap<T>(call: Promise<Answer<T>>): Promise<T> {
  const answer = await call.catch((error: unknown) => {
    throw asProblem(error)
  })
  if (!answer.response.ok) throw problemOf(answer.response, answer.error)
  return answer.data as T
}
