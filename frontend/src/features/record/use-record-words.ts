import { useTranslation } from 'react-i18next'
import { fieldPath } from './field-path'

/** Names of kinds, fields and enumerated values in the interface's language; what has no name stays as sent. */
export function useRecordWords() {
  const { t, i18n } = useTranslation('record')
  const either = (keys: string[], fallback: string) => {
    const key = keys.find((candidate) => i18n.exists(`record:${candidate}`))
    return key ? t(key as 'yes') : fallback
  }
  const field = (name: string, kind = '') =>
    either([`field_of.${kind}.${name}`, `field.${name}`], name)
  return {
    /** A kind's records: Чеки. */
    kind: (kind: string) => either([`kind.${kind}`], kind),
    /** One record of a kind: Чек. */
    one: (kind: string) => either([`one.${kind}`], kind),
    /** What a kind is for; empty for one that is not known. */
    about: (kind: string) => either([`about.${kind}`], ''),
    /** A field's label. */
    field,
    /** An enumerated value of a field: `type` `refund` is Возврат. */
    word: (name: string, value: string, kind = '') =>
      either([`word_of.${kind}.${name}.${value}`, `word.${name}.${value}`], value),
    /** A path such as `lines[2].total` in words: Строки, 3 → Итого. */
    path: (path: string, kind = '') =>
      fieldPath(path)
        .map(({ name, index }) =>
          index === undefined
            ? field(name, kind)
            : t('of_path', { field: field(name, kind), number: index + 1 }),
        )
        .join(' → '),
  }
}

/** A label within a sentence: in small letters, but for an abbreviation. */
export const withinSentence = (label: string) =>
  /^\p{Lu}\p{Lu}/u.test(label) ? label : label.charAt(0).toLowerCase() + label.slice(1)
