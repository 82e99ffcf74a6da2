import { CloseButton, TextInput } from '@mantine/core'
import { useDebouncedCallback } from '@mantine/hooks'
import { useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { IconSearch } from '../ui/icons'
import { useSearchUpdate } from './search'

/** The search box of a list; what is typed goes to `q` in the URL after a pause. */
export function SearchInput({ label }: { label?: string }) {
  const { t } = useTranslation()
  const { q = '' } = useSearch({ strict: false }) as { q?: string }
  const update = useSearchUpdate()
  const [typed, setTyped] = useState(q)
  const [written, setWritten] = useState(q)
  const write = useDebouncedCallback((text: string) => {
    setWritten(text)
    update({ q: text || undefined }, true)
  }, 300)

  // A navigation from elsewhere (back, a link) wins over what stands in the box.
  if (q !== written) {
    setWritten(q)
    setTyped(q)
  }

  const change = (text: string) => {
    setTyped(text)
    write(text.trim())
  }

  return (
    <TextInput
      type="search"
      aria-label={label ?? t('action.search')}
      placeholder={label ?? t('action.search')}
      value={typed}
      onChange={(event) => change(event.currentTarget.value)}
      leftSection={<IconSearch size={18} />}
      rightSection={
        typed && <CloseButton size="sm" aria-label={t('action.clear')} onClick={() => change('')} />
      }
      wrapperProps={{ 'data-wide': true }}
    />
  )
}
