import { kinds, type DirectoryKind, type Field, type Kind } from '@/model/kinds'
import type { RecordData } from '@/shared/api/types'

export type { DirectoryKind, Field, Kind }

/** Whether the cabinet knows the kind; the server may send newer ones. */
export const isKind = (kind: string | undefined): kind is Kind =>
  kind !== undefined && Object.hasOwn(kinds, kind)

/** Whether the kind's records are dated. */
export const isDocumentKind = (kind: string): boolean => isKind(kind) && kinds[kind].document

/** Whether the kind is one of the directories. */
export const isDirectoryKind = (kind: string | undefined): kind is DirectoryKind =>
  isKind(kind) && !kinds[kind].document

/** The fields of a kind in the order of its card; none of one that is not known. */
export const fieldsOf = (kind: string): readonly Field[] => (isKind(kind) ? kinds[kind].fields : [])

/** A field of a kind by its name. */
export const fieldOf = (kind: string, name: string): Field | undefined =>
  fieldsOf(kind).find((field) => field.name === name)

/** What a list shows of a kind: its title first, then in the order of the card. */
export const listFieldsOf = (kind: string): Field[] => {
  const listed = fieldsOf(kind).filter(({ list }) => list)
  const isTitle = ({ list }: Field) => list === 'title'
  return [...listed.filter(isTitle), ...listed.filter((field) => !isTitle(field))]
}

/** The fields that a kind's list can be filtered by: what records refer to first, then their words. */
export const filterFieldsOf = (kind: string): Field[] => {
  const filters = fieldsOf(kind).filter(({ filter }) => filter)
  const isReference = ({ type }: Field) => type === 'reference'
  return [...filters.filter(isReference), ...filters.filter((field) => !isReference(field))]
}

/** Puts the kinds that people look for most first; kinds that are new to the cabinet stand last. */
export function inKindOrder<T extends { kind: string }>(items: T[]): T[] {
  const order = Object.keys(kinds)
  const place = ({ kind }: T) => (isKind(kind) ? order.indexOf(kind) : order.length)
  return [...items].sort((a, b) => place(a) - place(b))
}

/** The fields that a record has and its kind does not name, with their paths: `lines[2].colour`. */
export const otherFields = (kind: string, data: RecordData): [path: string, value: unknown][] =>
  unnamed(fieldsOf(kind), data, '')

function unnamed(fields: readonly Field[], data: RecordData, path: string): [string, unknown][] {
  return Object.entries(data).flatMap(([name, value]): [string, unknown][] => {
    const field = fields.find((known) => known.name === name)
    const items = Array.isArray(value) ? (value as RecordData[]) : []
    if (field?.fields) {
      const inner = field.fields
      return items.flatMap((item, index) => unnamed(inner, item, `${path}${name}[${index}].`))
    }
    return field || (path !== '' && name === 'id') ? [] : [[path + name, value]]
  })
}

/** Whether a value stands in the field. */
export const isGiven = (value: unknown): boolean =>
  value !== undefined && value !== null && value !== '' && !(Array.isArray(value) && !value.length)

/** Whether the field's values are figures, which stand at the right. */
export const isNumeric = ({ type }: Field): boolean =>
  type === 'money' || type === 'quantity' || type === 'integer' || type === 'percent'
