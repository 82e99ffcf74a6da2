import { Group, Textarea } from '@mantine/core'
import type { ReactNode } from 'react'
import { CopyButton } from './copy'

type Props = {
  label: string
  copyLabel: string
  syncKey: string
  /** What else can be done with the key. */
  children?: ReactNode
}

/** The read-only «Ключ синхронизации», whole on any screen, with its copy button. */
export function SyncKeyField({ label, copyLabel, syncKey, children }: Props) {
  return (
    <Group align="flex-end" gap="sm">
      <Textarea
        label={label}
        value={syncKey}
        readOnly
        autosize
        minRows={1}
        flex={1}
        miw={{ base: '100%', sm: 320 }}
        styles={{
          input: {
            fontFamily: 'var(--mantine-font-family-monospace)',
            overflowWrap: 'anywhere',
            resize: 'none',
          },
        }}
        onFocus={(event) => event.currentTarget.select()}
      />
      <CopyButton value={syncKey} label={copyLabel} />
      {children}
    </Group>
  )
}
