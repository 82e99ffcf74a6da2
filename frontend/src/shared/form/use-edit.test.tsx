import { MantineProvider, TextInput } from '@mantine/core'
import { render, screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import i18next from 'i18next'
import { beforeAll, expect, it } from 'vitest'
import { Problem } from '../api/problem'
import { startI18n } from '../i18n/i18n'
import { ConflictCard } from './conflict-card'
import { Form } from './form'
import { useEdit } from './use-edit'
import { useServerForm } from './use-server-form'

type Values = { name: string; phone: string }
type Stored = Values & { key: string; etag: string }

beforeAll(async () => {
  await startI18n()
  await i18next.changeLanguage('en')
})

/** A server that holds one thing, and an If-Match against it. */
function serverWith(stored: Stored) {
  const server = {
    stored,
    store: (changes: Partial<Stored>) => {
      server.stored = { ...server.stored, ...changes, etag: `${server.stored.etag}'` }
      return server.stored
    },
    write: (values: Values, etag: string | null) =>
      etag === server.stored.etag
        ? Promise.resolve(server.store(values))
        : Promise.reject(new Problem(412, { code: 'precondition_failed' })),
  }
  return server
}

const valuesOf = ({ name, phone }: Values): Values => ({ name, phone })

function Sample({ server }: { server: ReturnType<typeof serverWith> }) {
  const send = useEdit<Stored, Values>({
    opened: server.stored,
    valuesOf,
    write: server.write,
    readAgain: () => Promise.resolve(server.stored),
  })
  const state = useServerForm({ rules: {}, initialValues: valuesOf(server.stored), send })
  return (
    <MantineProvider>
      <Form state={state}>
        <ConflictCard state={state} label={(name) => name} />
        <TextInput {...state.field('name')} label="Name" />
        <TextInput {...state.field('phone')} label="Phone" />
        <button type="submit">Save</button>
      </Form>
    </MantineProvider>
  )
}

function open() {
  const server = serverWith({ name: 'North', phone: '1', key: 'a', etag: '"1"' })
  render(<Sample server={server} />)
  return server
}

const saveNamed = async (name: string) => {
  await userEvent.clear(screen.getByLabelText('Name'))
  await userEvent.type(screen.getByLabelText('Name'), name)
  await userEvent.click(screen.getByText('Save'))
}

it('stores nothing over what somebody else has stored, shows it, and keeps what was typed', async () => {
  const server = open()
  server.store({ name: 'South', phone: '2' })
  await saveNamed('East')
  expect(await screen.findByLabelText('Keep mine: East')).toBeTruthy()
  expect(screen.getByText('phone: 1 → 2, taken over')).toBeTruthy()
  expect(screen.getByLabelText<HTMLInputElement>('Name').value).toBe('East')
  expect(server.stored.name).toBe('South')
  await userEvent.click(screen.getByLabelText('Take what is stored: South'))
  expect(screen.getByLabelText<HTMLInputElement>('Name').value).toBe('South')
  await userEvent.click(screen.getByLabelText('Keep mine: East'))
  await userEvent.click(screen.getByText('Save'))
  expect(valuesOf(server.stored)).toEqual({ name: 'East', phone: '2' })
  expect(screen.queryByText('Keep mine: East')).toBeNull()
})

it('asks nothing where what has changed is not in the form', async () => {
  const server = open()
  server.store({ key: 'b' })
  await saveNamed('East')
  expect(server.stored).toMatchObject({ name: 'East', key: 'b' })
  expect(screen.queryByText('Changed meanwhile')).toBeNull()
})
