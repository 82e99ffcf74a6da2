import { MantineProvider, TextInput } from '@mantine/core'
import { render, screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import i18next from 'i18next'
import { beforeAll, expect, it } from 'vitest'
import { Problem } from '../api/problem'
import { startI18n } from '../i18n/i18n'
import { Form } from './form'
import { requiredText } from './rules'
import { useServerForm } from './use-server-form'

beforeAll(async () => {
  await startI18n()
  await i18next.changeLanguage('en')
})

const refusal = (...fields: string[]) =>
  new Problem(422, {
    code: 'validation_failed',
    errors: fields.map((field) => ({ field, code: 'not_unique', message: `${field} is taken` })),
  })

function Sample({ send }: { send: () => Promise<unknown> }) {
  const state = useServerForm({
    rules: { name: requiredText() },
    initialValues: { name: '' },
    send,
  })
  return (
    <MantineProvider>
      <Form state={state}>
        <TextInput {...state.field('name')} label="Name" />
        <button type="submit">Save</button>
        <output>{state.dirty ? 'changed' : 'unchanged'}</output>
      </Form>
    </MantineProvider>
  )
}

async function save(send: () => Promise<unknown>, name?: string) {
  render(<Sample send={send} />)
  if (name) await userEvent.type(screen.getByLabelText('Name'), name)
  await userEvent.click(screen.getByText('Save'))
}

it('does not send what breaks a rule', async () => {
  await save(() => Promise.reject(new Error('must not be sent')))
  expect(await screen.findByText('Fill in this field')).toBeTruthy()
})

it('puts a field error of the server at its field, in the language of the interface', async () => {
  await save(() => Promise.reject(refusal('name')), 'North')
  expect(await screen.findByText('This value is already taken')).toBeTruthy()
  expect(screen.queryByRole('alert')).toBeNull()
})

it('shows above the form what belongs to no field of it', async () => {
  await save(() => Promise.reject(refusal('plan')), 'North')
  expect((await screen.findByRole('alert')).textContent).toContain('plan is taken')
})

it('counts as unchanged once it is saved', async () => {
  await save(() => Promise.resolve(), 'North')
  expect(await screen.findByText('unchanged')).toBeTruthy()
})
