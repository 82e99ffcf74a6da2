import { useTranslation } from 'react-i18next'
import type { RecordData, RecordDifference, RecordVersion } from '@/shared/api/types'
import { dash } from '@/shared/format/format'
import { useFormat } from '@/shared/format/use-format'
import type { References } from '@/shared/table/reference'
import { isItem, placeOf, type ItemStep } from './difference-place'
import { writeFigure } from './field-value'
import { isGiven, type Field } from './schema'
import { useRecordWords, withinSentence } from './use-record-words'

/** What became of a field; without values the text says it all. */
export type FieldChange = { text: string; before?: string; after?: string }

/** What a version changed in the record itself, or in an item of a list. */
export type ChangeGroup = { item?: string; changes: FieldChange[] }

/** Writes what a version changed: fields by their labels, references and list items by their names. */
export function useDifferenceWords() {
  const { t } = useTranslation('record')
  const words = useRecordWords()
  const write = useWriteValue()
  const nameItem = useNameItem()

  return (kind: string, version: RecordVersion, references: References): ChangeGroup[] => {
    const nameAll = (items: ItemStep[]) =>
      items.map((item) => nameItem(item, references)).join(' → ')

    // An item that came or went is named with the figures that tell its weight.
    const wholeItem = (difference: RecordDifference, items: ItemStep[]): FieldChange => {
      const { data, fields } = items.at(-1)!
      const figures = fields
        .filter(({ name }) => telling.includes(name) && data[name])
        .map(
          (field) =>
            `${withinSentence(words.field(field.name))} ${write(field, data, kind, references)}`,
        )
      const item = [withinSentence(nameAll(items)), ...figures].join(', ')
      return { text: t(`history.${difference.change as 'added' | 'removed'}`, { item }) }
    }

    const oneField = (difference: RecordDifference): FieldChange => {
      const { name, field = raw(name), owner, items } = placeOf(kind, version, difference)
      const label = items.length ? withinSentence(words.field(name)) : words.field(name, kind)
      if (difference.change === 'moved') return { text: t('history.moved', { field: label }) }
      const value = (given: unknown) => write(field, { ...owner, [name]: given }, kind, references)
      return { text: label, before: value(difference.before), after: value(difference.after) }
    }

    const groups = new Map<string, ChangeGroup>()
    for (const difference of version.differences) {
      const { items } = placeOf(kind, version, difference)
      const whole = isItem(difference)
      const inItem = !whole && items.length > 0
      const key = inItem ? difference.field.replace(/\.[^.]*$/, '') : ''
      const group = groups.get(key) ?? { item: inItem ? nameAll(items) : undefined, changes: [] }
      group.changes.push(whole ? wholeItem(difference, items) : oneField(difference))
      groups.set(key, group)
    }
    return [...groups.values()]
  }
}

const telling = ['quantity', 'expected', 'counted', 'total', 'amount', 'seats']

// A field that the cabinet does not know.
const raw = (name: string): Field => ({ name, type: 'text' })

/** Writes the value of a record's or list item's field as a text. */
function useWriteValue() {
  const { t } = useTranslation('record')
  const words = useRecordWords()
  const format = useFormat()
  return (field: Field, data: RecordData, kind: string, references: References): string => {
    const value = data[field.name]
    if (!isGiven(value)) return dash
    switch (field.type) {
      case 'reference':
        return references[String(value)] ?? String(value).slice(0, 8)
      case 'boolean':
        return value === true ? t('yes') : t('no')
      case 'word':
        return words.word(field.name, String(value), kind)
      case 'texts':
        return (value as unknown[]).join(', ')
    }
    if (typeof value === 'object') return JSON.stringify(value)
    return writeFigure(field, data, format) ?? String(value)
  }
}

/** Names an item of a list: Строка «Капучино»; by its place where it has no name. */
function useNameItem() {
  const { t, i18n } = useTranslation('record')
  const words = useRecordWords()
  return ({ name, index, data, fields }: ItemStep, references: References): string => {
    const known = i18n.exists(`record:item.${name}`)
    const item = known ? t(`item.${name as 'lines'}`) : words.field(name)
    const reference = fields.find((field) => field.type === 'reference' && data[field.name])
    const called = data.name || (reference && references[String(data[reference.name])])
    return called
      ? t('item_named', { item, name: called })
      : t('item_numbered', { item, number: index + 1 })
  }
}
