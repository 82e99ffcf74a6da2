import { useState, type ChangeEvent, type FormEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { asProblem, type Problem } from '../api/problem'
import { check, fieldCodes, type Codes } from './codes'
import type { Rules } from './rules'

type Options<V extends object> = {
  rules: Rules<V>
  initialValues: V
  /** Sends the values. A thrown Problem is shown: field errors at their fields, the rest above the form. */
  send: (values: V) => Promise<unknown>
}

/** The one pattern of forms: checks by rules, sends, and puts the server's field errors at the fields. */
export function useServerForm<V extends object>({ rules, initialValues, send }: Options<V>) {
  const { t, i18n } = useTranslation()
  const [values, setValues] = useState(initialValues)
  const [saved, setSaved] = useState(initialValues)
  const [codes, setCodes] = useState<Codes>({})
  const [problem, setProblem] = useState<Problem | null>(null)
  const [sending, setSending] = useState(false)

  const refuse = (refused: Codes) => {
    setCodes(refused)
    focusFirst(Object.keys(refused))
  }

  const show = (failure: Problem) => {
    const { atFields, elsewhere } = fieldCodes(failure.errors, Object.keys(values))
    refuse(atFields)
    const onlyFields = Object.keys(atFields).length > 0 && elsewhere.length === 0
    setProblem(onlyFields ? null : failure)
  }

  const submit = async () => {
    setProblem(null)
    const refused = check(rules, values)
    if (Object.keys(refused).length > 0) return refuse(refused)
    setSending(true)
    try {
      await send(values)
      setSaved(values)
    } catch (error) {
      show(asProblem(error))
    } finally {
      setSending(false)
    }
  }

  const set = <K extends keyof V & string>(name: K, value: V[K]) => {
    setValues((old) => ({ ...old, [name]: value }))
    setCodes((old) => ({ ...old, [name]: undefined }))
  }

  const message = (code: string | undefined): string | undefined => {
    if (!code) return undefined
    const known = i18n.exists(`field_error.${code}`) ? (code as 'invalid') : 'invalid'
    return t(`field_error.${known}`)
  }

  /** Props of a Mantine input: value, change, and the error in the interface's language. */
  const field = <K extends keyof V & string>(name: K) => ({
    id: name,
    name,
    value: values[name],
    onChange: (change: V[K] | null | ChangeEvent<HTMLInputElement>) =>
      set(name, changed<V[K]>(change)),
    error: message(codes[name]),
  })

  const onSubmit = (event: FormEvent) => {
    event.preventDefault()
    if (!sending) void submit()
  }

  return { values, set, field, problem, sending, onSubmit, dirty: differs(values, saved) }
}

// Mantine's text inputs give an event, its selects and number inputs the value.
function changed<T>(change: T | null | ChangeEvent<HTMLInputElement>): T {
  if (change !== null && typeof change === 'object' && 'currentTarget' in change) {
    return change.currentTarget.value as T
  }
  return change as T
}

function differs<V extends object>(a: V, b: V): boolean {
  return (Object.keys(a) as (keyof V)[]).some((name) => a[name] !== b[name])
}

// The first by its place on the screen, not in the object.
function focusFirst(names: string[]) {
  requestAnimationFrame(() => {
    const inputs = names
      .map((name) => document.getElementById(name))
      .filter((input) => input !== null)
    inputs.sort((a, b) => a.getBoundingClientRect().top - b.getBoundingClientRect().top)
    inputs[0]?.focus()
  })
}
