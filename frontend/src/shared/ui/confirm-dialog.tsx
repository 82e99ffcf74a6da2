import { Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core'
import { useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { Problem } from '../api/problem'
import { ProblemAlert } from './problem-alert'

type Props = {
  opened: boolean
  onClose: () => void
  onConfirm: () => void
  title: string
  /** What will happen, and whether it can be undone. */
  children: ReactNode
  /** The verb on the button that does it. */
  confirm: string
  cancel?: string
  danger?: boolean
  pending?: boolean
  problem?: Problem | null
  /** A text that must be typed first; `typeLabel` asks for it. */
  typed?: string
  typeLabel?: string
}

/** Asks before something that can't be undone. */
export function ConfirmDialog(props: Props) {
  const { t } = useTranslation()
  return (
    <Modal
      opened={props.opened}
      onClose={props.onClose}
      title={<Text fw={600}>{props.title}</Text>}
      closeButtonProps={{ 'aria-label': t('action.close') }}
    >
      <ConfirmBody {...props} />
    </Modal>
  )
}

function ConfirmBody(props: Props) {
  const { t } = useTranslation()
  const [typed, setTyped] = useState('')
  const ready = props.typed === undefined || typed.trim() === props.typed
  return (
    <Stack gap="md">
      <Text component="div">{props.children}</Text>
      {props.problem && <ProblemAlert problem={props.problem} />}
      {props.typed !== undefined && (
        <TextInput
          label={props.typeLabel}
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
          autoComplete="off"
          data-autofocus
        />
      )}
      <Group justify="flex-end" gap="sm">
        <Button variant="default" onClick={props.onClose}>
          {props.cancel ?? t('action.cancel')}
        </Button>
        <Button
          color={props.danger ? 'red.8' : undefined}
          disabled={!ready}
          loading={props.pending}
          onClick={props.onConfirm}
        >
          {props.confirm}
        </Button>
      </Group>
    </Stack>
  )
}
