import { Problem } from '../api/problem'

/** What a form was opened with, what was typed, and what somebody else has stored meanwhile. */
export type Conflict<V extends object> = { before: V; mine: V; theirs: V }

/** Says that values are not stored, since somebody else has stored others meanwhile. */
export class EditConflict<V extends object> extends Problem {
  constructor(readonly conflict: Conflict<V>) {
    super(412, { code: 'precondition_failed' })
  }
}

/** The fields that somebody else has changed since the form was opened. */
export function changedFields<V extends object>({ before, theirs }: Conflict<V>): (keyof V)[] {
  return (Object.keys(before) as (keyof V)[]).filter((name) => before[name] !== theirs[name])
}

/** The values to go on with: what I have typed, and of what I have not touched what is stored. */
export function mergedValues<V extends object>(conflict: Conflict<V>): V {
  const { before, mine, theirs } = conflict
  const untouched = changedFields(conflict).filter((name) => before[name] === mine[name])
  return { ...mine, ...Object.fromEntries(untouched.map((name) => [name, theirs[name]])) }
}
