import { useForm, type LooseKeys } from '@mantine/form'
import { useState, type FormEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { asProblem, type Problem } from '../api/problem'
import { fieldCodes } from './codes'
import { EditConflict, mergedValues, type Conflict } from './conflict'
import type { Rules } from './rules'

type Options<V extends object> = {
  rules: Rules<V>
  initialValues: V
  /** Sends the values. A thrown Problem is shown: field errors at their fields, the rest above the form, an EditConflict by ConflictCard. */
  send: (values: V) => Promise<unknown>
}

/** The one pattern of forms: checks by rules, sends, and puts the server's field errors at the fields. */
export function useServerForm<V extends object>({ rules, initialValues, send }: Options<V>) {
  const { t, i18n } = useTranslation()
  const [problem, setProblem] = useState<Problem | null>(null)
  const [conflict, setConflict] = useState<Conflict<V>>()
  // Errors are kept as codes, so that they follow the language of the interface.
  const form = useForm<V>({ mode: 'controlled', initialValues, validate: rules })

  const show = (failure: Problem) => {
    const { atFields, elsewhere } = fieldCodes(failure.errors, form.getValues())
    form.setErrors(atFields)
    focusFirst(Object.keys(atFields))
    const onlyFields = Object.keys(atFields).length > 0 && elsewhere.length === 0
    setProblem(onlyFields ? null : failure)
  }

  const sendValues = async (values: V) => {
    try {
      await send(values)
      setConflict(undefined)
      form.resetDirty(values)
    } catch (error) {
      if (error instanceof EditConflict) {
        const found = error.conflict as Conflict<V>
        setConflict(found)
        form.setValues(mergedValues(found))
      }
      show(asProblem(error))
    }
  }

  const submit = form.onSubmit(sendValues, (errors) => focusFirst(Object.keys(errors)))
  const onSubmit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    if (form.submitting) return
    setProblem(null)
    submit(event)
  }

  const message = (code: string | undefined): string | undefined => {
    if (!code) return undefined
    const known = i18n.exists(`field_error.${code}`) ? (code as 'invalid') : 'invalid'
    return t(`field_error.${known}`)
  }

  /** Props of a Mantine input, by the field's path: value, change, and the error in the interface's language. */
  const field = (path: LooseKeys<V> & string) => ({
    ...form.getInputProps(path),
    id: path,
    name: path,
    error: message(form.errors[path] as string | undefined),
  })

  return {
    values: form.values,
    field,
    /** The list at a path grows and shrinks by form.insertListItem and form.removeListItem. */
    form,
    problem,
    /** What somebody else has stored while one edited; gone once the values are stored. */
    conflict,
    sending: form.submitting,
    onSubmit,
    dirty: form.isDirty(),
  }
}

// The first by its place on the screen, not in the object.
function focusFirst(paths: string[]) {
  requestAnimationFrame(() => {
    const inputs = paths
      .map((path) => document.getElementById(path))
      .filter((input) => input !== null)
    inputs.sort((a, b) => a.getBoundingClientRect().top - b.getBoundingClientRect().top)
    inputs[0]?.focus()
  })
}
