import { Select } from '@mantine/core'
import { useSearch } from '@tanstack/react-router'
import { useSearchUpdate } from '@/shared/table/search'
import { RecordSelect } from './record-select'
import { fieldsOf, filterFieldsOf, isDirectoryKind, type Field } from './schema'
import { useRecordWords, withinSentence } from './use-record-words'

/** The filters in the URL by a kind's fields: those that the kind can be filtered by, absent ones left out. */
export function useFieldFilters(kind: string): Record<string, string> {
  const search: Record<string, unknown> = useSearch({ strict: false })
  return Object.fromEntries(
    filterFieldsOf(kind).flatMap(({ name }) =>
      typeof search[name] === 'string' ? [[name, search[name]]] : [],
    ),
  )
}

/** What the search of a kind's list looks at: Номер, примечание; undefined for a kind that is not known. */
export function useSearchLabel(kind: string): string | undefined {
  const words = useRecordWords()
  const [first, ...others] = fieldsOf(kind)
    .filter(({ search }) => search)
    .map(({ name }) => words.field(name, kind))
  return first && [first, ...others.map(withinSentence)].join(', ')
}

/** Selects for the fields that a kind's list can be filtered by; the choice stands in the URL. */
export function FieldFilters({ kind }: { kind: string }) {
  const update = useSearchUpdate()
  const words = useRecordWords()
  const chosen = useFieldFilters(kind)
  return filterFieldsOf(kind).map((field) => {
    const props = {
      label: words.field(field.name, kind),
      value: chosen[field.name],
      onChange: (value: string | undefined) => update({ [field.name]: value }),
    }
    if (isDirectoryKind(field.kind)) {
      return <RecordSelect key={field.name} {...props} kind={field.kind} />
    }
    return field.choices && <WordSelect key={field.name} {...props} kind={kind} field={field} />
  })
}

type WordProps = {
  kind: string
  /** A field of type word with its choices. */
  field: Field
  label: string
  value?: string
  onChange: (value: string | undefined) => void
}

function WordSelect({ kind, field, label, value, onChange }: WordProps) {
  const words = useRecordWords()
  return (
    <Select
      aria-label={label}
      placeholder={label}
      value={value ?? null}
      onChange={(chosen) => onChange(chosen ?? undefined)}
      clearable
      data={field.choices?.map((choice) => ({
        value: choice,
        label: words.word(field.name, choice, kind),
      }))}
      comboboxProps={{ shadow: 'md' }}
    />
  )
}
