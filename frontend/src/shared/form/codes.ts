import type { FieldError } from '../api/types'

/** Field error codes by the field's path in the form: `name`, `lines.2.quantity`. */
export type Codes = Record<string, string>

/** Splits the server's field errors into those of the form's own fields and the others. */
export function fieldCodes(errors: FieldError[], values: object) {
  const atFields: Codes = {}
  const elsewhere: FieldError[] = []
  for (const error of errors) {
    const path = formPath(error.field)
    if (holds(values, path)) atFields[path] ??= error.code
    else elsewhere.push(error)
  }
  return { atFields, elsewhere }
}

// The server writes lines[2].quantity.
const formPath = (field: string) => field.replaceAll(/\[(\d+)\]/g, '.$1')

function holds(values: object, path: string): boolean {
  let place: unknown = values
  for (const name of path.split('.')) {
    if (typeof place !== 'object' || place === null || !Object.hasOwn(place, name)) return false
    place = (place as Record<string, unknown>)[name]
  }
  return true
}
