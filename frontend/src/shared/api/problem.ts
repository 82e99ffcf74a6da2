import type { FieldError, ProblemBody } from './types'

/** An answer that is not a success. `code` is the server's, or `network` when no answer came. */
export class Problem extends Error {
  readonly status: number
  readonly code: string
  readonly errors: FieldError[]
  readonly requestId: string | undefined
  /** Seconds that the server asks to wait, from Retry-After. */
  readonly retryAfter: number | undefined

  constructor(status: number, body: Partial<ProblemBody>, retryAfter?: number) {
    super(body.detail ?? body.title ?? body.code ?? 'problem')
    this.name = 'Problem'
    this.status = status
    this.code = body.code ?? (status >= 500 ? 'internal' : 'unknown')
    this.errors = body.errors ?? []
    this.requestId = body.request_id
    this.retryAfter = retryAfter
  }

  /** Whether the same request may succeed later without a change. */
  get transient(): boolean {
    return this.status === 0 || this.status >= 500
  }
}

/** Makes a Problem of anything thrown by a request. */
export function asProblem(error: unknown): Problem {
  return error instanceof Problem
    ? error
    : new Problem(0, { code: 'network', detail: String(error) })
}

/** Reads the RFC 9457 body of an answer; a body of another kind becomes a Problem of the status alone. */
export function problemOf(response: Response, body: unknown): Problem {
  const seconds = Number(response.headers.get('Retry-After'))
  const fields = body !== null && typeof body === 'object' ? (body as Partial<ProblemBody>) : {}
  return new Problem(response.status, fields, seconds > 0 ? seconds : undefined)
}
