import { Select } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useCan } from '@/model/use-access'
import { useOrganization } from '@/shared/session/organization'
import { choicesOptions, directoryRecordOptions } from './queries'
import type { DirectoryKind } from './schema'
import { useRecordWords } from './use-record-words'

type Props = {
  kind: DirectoryKind
  value?: string
  onChange: (id: string | undefined) => void
  label?: string
}

/** A filter by one directory record, found by typing. Shown to those who may see directories, if there is a choice. */
export function RecordSelect({ kind, value, onChange, label }: Props) {
  const { t } = useTranslation('record')
  const words = useRecordWords()
  const organizationId = useOrganization().id
  const open = useCan('directories')
  const [typed, setTyped] = useState('')
  const [wanted] = useDebouncedValue(typed, 250)
  const all = useQuery({ ...choicesOptions(organizationId, kind, ''), enabled: open })
  const chosen = useQuery({
    ...directoryRecordOptions(organizationId, kind, value ?? ''),
    enabled: open && !!value,
  })
  // What is typed searches the server only where the first page is not all there is.
  const short = (all.data?.total ?? 0) <= (all.data?.items.length ?? 0)
  const name = chosen.data?.name || value || ''
  const search = short || wanted === name ? '' : wanted
  const found = useQuery({ ...choicesOptions(organizationId, kind, search), enabled: open })

  if (!open || (!value && (all.data?.total ?? 0) < 2)) return null
  const items = found.data?.items ?? []
  const options = items.map((item) => ({ value: item.id, label: item.name }))
  if (value && !items.some(({ id }) => id === value)) options.unshift({ value, label: name })
  return (
    <Select
      aria-label={label ?? words.one(kind)}
      placeholder={label ?? words.one(kind)}
      data={options}
      value={value ?? null}
      onChange={(id) => onChange(id ?? undefined)}
      onSearchChange={setTyped}
      filter={short ? undefined : ({ options }) => options}
      searchable
      clearable
      maxDropdownHeight={320}
      nothingFoundMessage={t('choose.nothing')}
      comboboxProps={{ shadow: 'md' }}
    />
  )
}
