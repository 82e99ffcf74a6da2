import { useState } from 'react'
import type { Tagged } from '../api/client'
import { asProblem } from '../api/problem'
import { changedFields, EditConflict } from './conflict'

type Options<T extends object, V extends object> = {
  /** What the form is opened with: a newer reading may come in while one types. */
  opened: Tagged<T>
  valuesOf: (thing: T) => V
  /** Stores the values, if the thing is still what was read with the tag. */
  write: (values: V, etag: string | null) => Promise<Tagged<T>>
  readAgain: () => Promise<Tagged<T>>
}

/**
 * How every form that edits stores its values. Throws EditConflict where somebody else has changed
 * some of them meanwhile: nothing is stored then, and the next call goes on from what is stored.
 */
export function useEdit<T extends object, V extends object>({
  opened,
  valuesOf,
  write,
  readAgain,
}: Options<T, V>): (values: V) => Promise<void> {
  const [read, setRead] = useState(opened)
  const store = async (values: V, from: Tagged<T>): Promise<void> => {
    try {
      setRead(await write(values, from.etag))
    } catch (error) {
      if (asProblem(error).code !== 'precondition_failed') throw error
      const stored = await readAgain()
      setRead(stored)
      const conflict = { before: valuesOf(from), mine: values, theirs: valuesOf(stored) }
      if (changedFields(conflict).length > 0) throw new EditConflict(conflict)
      await store(values, stored) // what has changed is not in the form: a new sync key, say
    }
  }
  return (values) => store(values, read)
}
