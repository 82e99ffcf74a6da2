import type { FieldError } from '../api/types'
import type { Rule, Rules } from './rules'

/** Field error codes by field. */
export type Codes = Record<string, string | undefined>

/** What the rules say about the values; empty when all is well. */
export function check<V extends object>(rules: Rules<V>, values: V): Codes {
  const codes: Codes = {}
  for (const name of Object.keys(rules) as (keyof V & string)[]) {
    const code = (rules[name] as Rule<V[typeof name]> | undefined)?.(values[name])
    if (code) codes[name] = code
  }
  return codes
}

/** Splits the server's field errors into those of the form's own fields and the others. */
export function fieldCodes(errors: FieldError[], fields: string[]) {
  const atFields: Codes = {}
  const elsewhere: FieldError[] = []
  for (const error of errors) {
    if (fields.includes(error.field)) atFields[error.field] ??= error.code
    else elsewhere.push(error)
  }
  return { atFields, elsewhere }
}
