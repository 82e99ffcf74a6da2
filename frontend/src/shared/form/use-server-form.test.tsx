import { MantineProvider, NumberInput, TextInput } from '@mantine/core'
import { render, screen, waitFor } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import i18next from 'i18next'
import { beforeAll, describe, expect, it } from 'vitest'
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

type Order = { lines: { product: string; quantity: number }[] }

function OrderForm({ send }: { send: (order: Order) => Promise<unknown> }) {
  const state = useServerForm<Order>({
    rules: { lines: { product: requiredText() } },
    initialValues: { lines: [{ product: '', quantity: 1 }] },
    send,
  })
  return (
    <MantineProvider>
      <Form state={state}>
        {state.values.lines.map((_, index) => (
          <div key={index}>
            <TextInput {...state.field(`lines.${index}.product`)} label={`Product ${index}`} />
            <NumberInput {...state.field(`lines.${index}.quantity`)} label={`Quantity ${index}`} />
          </div>
        ))}
        <button
          type="button"
          onClick={() => state.form.insertListItem('lines', { product: '', quantity: 1 })}
        >
          Add
        </button>
        <button type="button" onClick={() => state.form.removeListItem('lines', 0)}>
          Remove the first
        </button>
        <button type="submit">Save</button>
        <output>{state.dirty ? 'changed' : 'unchanged'}</output>
      </Form>
    </MantineProvider>
  )
}

describe('a form with a list', () => {
  it('checks every item, and goes to the first that is wrong', async () => {
    render(<OrderForm send={() => Promise.reject(new Error('must not be sent'))} />)
    await userEvent.type(screen.getByLabelText('Product 0'), 'Milk')
    await userEvent.click(screen.getByText('Add'))
    await userEvent.click(screen.getByText('Save'))
    expect(await screen.findAllByText('Fill in this field')).toHaveLength(1)
    await waitFor(() => expect(document.activeElement?.id).toBe('lines.1.product'))
  })

  it("puts the server's error at the item's field, where it goes with its item", async () => {
    const refused = new Problem(422, {
      code: 'validation_failed',
      errors: [{ field: 'lines[1].quantity', code: 'too_small', message: 'too small' }],
    })
    render(<OrderForm send={() => Promise.reject(refused)} />)
    await userEvent.type(screen.getByLabelText('Product 0'), 'Milk')
    await userEvent.click(screen.getByText('Add'))
    await userEvent.type(screen.getByLabelText('Product 1'), 'Tea')
    await userEvent.click(screen.getByText('Save'))
    const broken = () => screen.getByLabelText(/^Quantity/, { selector: '[aria-invalid=true]' })
    await waitFor(() => expect(broken().id).toBe('lines.1.quantity'))
    expect(screen.queryByRole('alert')).toBeNull()

    await userEvent.click(screen.getByText('Remove the first'))
    expect(broken().id).toBe('lines.0.quantity')
  })

  it('sends what was typed, and counts as unchanged once it is saved', async () => {
    const sent: Order[] = []
    render(<OrderForm send={(order) => Promise.resolve(sent.push(order))} />)
    await userEvent.type(screen.getByLabelText('Product 0'), 'Milk')
    expect(await screen.findByText('changed')).toBeTruthy()
    await userEvent.click(screen.getByText('Save'))
    expect(await screen.findByText('unchanged')).toBeTruthy()
    expect(sent).toEqual([{ lines: [{ product: 'Milk', quantity: 1 }] }])
  })
})
