import type { RecordData, RecordDifference, RecordVersion } from '@/shared/api/types'
import { fieldPath, type Step } from './field-path'
import { fieldsOf, type Field } from './schema'

/** An item of a list on the way to a difference. */
export type ItemStep = { name: string; index: number; data: RecordData; fields: readonly Field[] }

/** Where a difference lies: its field, the record or list item that the field belongs to, the items on the way. */
export type Place = { name: string; field?: Field; owner: RecordData; items: ItemStep[] }

/** Finds the place of a version's difference. That of a whole item ends at the item. */
export function placeOf(
  kind: string,
  version: RecordVersion,
  { field: path, change, before }: RecordDifference,
): Place {
  const steps = fieldPath(path)
  const place: Place = { name: steps.at(-1)?.name ?? '', owner: version.data, items: [] }
  let fields = fieldsOf(kind)
  steps.forEach((step, depth) => {
    const last = depth === steps.length - 1
    place.field = fields.find(({ name }) => name === step.name)
    fields = place.field?.fields ?? []
    // An item that is gone stands in the difference, no longer in the version.
    const data = asData(last && change === 'removed' ? before : valueAt(place.owner, step))
    if (step.index !== undefined) {
      place.items.push({ name: step.name, index: step.index, data, fields })
    }
    if (!last) place.owner = data
  })
  return place
}

/** Whether the difference is about an item as a whole. */
export const isItem = ({ field }: RecordDifference) => field.endsWith(']')

const valueAt = (owner: RecordData, { name, index }: Step): unknown =>
  index === undefined ? owner[name] : (owner[name] as unknown[] | undefined)?.[index]

const asData = (value: unknown): RecordData =>
  typeof value === 'object' && value !== null ? (value as RecordData) : {}
