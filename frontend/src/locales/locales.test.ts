import { describe, expect, it } from 'vitest'
import { languages } from '../shared/i18n/language'
import { kinds } from '../model/kinds'
import { allFields, isOfModel } from './record-words'
import { isUsed } from './used-keys'

type Tree = { [key: string]: string | Tree }

const files = import.meta.glob<Tree>('./*/*.json', { eager: true, import: 'default' })
const plural = /_(zero|one|two|few|many|other)$/

function keys(tree: Tree, path = ''): string[] {
  return Object.entries(tree).flatMap(([key, value]) =>
    typeof value === 'string' ? [path + key] : keys(value, `${path}${key}.`),
  )
}

function texts(tree: Tree): string[] {
  return Object.values(tree).flatMap((value) =>
    typeof value === 'string' ? [value] : texts(value),
  )
}

const keysOf = (language: string, namespace: string) =>
  keys(files[`./${language}/${namespace}.json`] ?? {})
const bases = (all: string[]) => [...new Set(all.map((key) => key.replace(plural, '')))].sort()
const namespaces = [
  ...new Set(Object.keys(files).map((path) => path.split('/')[2]!.replace('.json', ''))),
]

describe.each(namespaces)('texts of %s', (namespace) => {
  it('has the same keys in every language', () => {
    const [first, ...others] = languages.map((language) => bases(keysOf(language, namespace)))
    for (const other of others) expect(other).toEqual(first)
  })

  it.each(languages)('has every plural form of %s', (language) => {
    const all = keysOf(language, namespace)
    const forms = new Intl.PluralRules(language).resolvedOptions().pluralCategories
    for (const base of all
      .filter((key) => plural.test(key))
      .map((key) => key.replace(plural, ''))) {
      expect(all).toEqual(expect.arrayContaining(forms.map((form) => `${base}_${form}`)))
    }
  })

  it.each(languages)('has no empty text in %s', (language) => {
    expect(
      texts(files[`./${language}/${namespace}.json`] ?? {}).filter((text) => !text.trim()),
    ).toEqual([])
  })

  // The server alone writes letters; its tests hold that all their words are written.
  if (namespace !== 'mail') {
    it('has no text that nothing shows', () => {
      const unused = bases(keysOf('en', namespace)).filter((key) => !isUsed(namespace, key))
      expect(unused).toEqual([])
    })
  }
})

describe.each(languages)('the words of records, %s', (language) => {
  const words = new Set(keysOf(language, 'record'))
  const missing = (...choices: string[]) => !choices.some((key) => words.has(key))

  it('name every kind, one record of it, and what it is for', () => {
    const lacking = Object.keys(kinds).flatMap((kind) =>
      [`kind.${kind}`, `one.${kind}`, `about.${kind}`].filter((key) => missing(key)),
    )
    expect(lacking).toEqual([])
  })

  it('name every field', () => {
    const lacking = allFields
      .filter(({ field: { type } }) => type !== 'id')
      .filter(({ kind, field: { name } }) => missing(`field.${name}`, `field_of.${kind}.${name}`))
    expect(lacking.map(({ kind, field }) => `${kind}.${field.name}`)).toEqual([])
  })

  it('name every choice', () => {
    const lacking = allFields.flatMap(({ kind, field: { name, choices = [] } }) =>
      choices.filter((choice) =>
        missing(`word.${name}.${choice}`, `word_of.${kind}.${name}.${choice}`),
      ),
    )
    expect(lacking).toEqual([])
  })

  it('name nothing that the model has not', () => {
    expect([...words].filter((key) => isOfModel(key) === false)).toEqual([])
  })
})
