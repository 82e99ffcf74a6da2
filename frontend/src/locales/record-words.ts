import { kinds, type Field } from '@/model/kinds'

/** A field with its path of kinds: those of a list's items belong to the kind of the list. */
type Owned = { kind: string; field: Field }

const within = (kind: string, fields: readonly Field[]): Owned[] =>
  fields.flatMap((field) => [{ kind, field }, ...within(kind, field.fields ?? [])])

/** Every field of every kind, with those of the items of its lists. */
export const allFields = Object.entries(kinds).flatMap(([kind, { fields }]) => within(kind, fields))

// What every record has around its own fields, and every document and its file beside them.
const around = [
  ...['id', 'kind', 'data', 'modified_at', 'deleted', 'base_version'],
  ...['business_day', 'counterparty_id', 'total'],
]

const known = (name: string | undefined, type?: Field['type'], kind?: string) =>
  allFields.some(
    (owned) =>
      owned.field.name === name &&
      (!type || owned.field.type === type) &&
      (!kind || owned.kind === kind),
  )

/** Whether something of the model has this key of record.json as its words; undefined for keys of another sort. */
export function isOfModel(key: string): boolean | undefined {
  const [sort, first = '', second] = key.split('.')
  switch (sort) {
    case 'kind':
    case 'one':
    case 'about':
      return Object.hasOwn(kinds, first)
    case 'item':
      return known(first, 'list')
    case 'field':
      return known(first) || around.includes(first)
    case 'field_of':
      return (
        Object.hasOwn(kinds, first) && (known(second, undefined, first) || around.includes(second!))
      )
    case 'word':
      return known(first, 'word')
    case 'word_of':
      return known(second, 'word', first)
  }
}
