/** One step of a field's path; the index counts from 0. */
export type Step = { name: string; index?: number }

/** Takes a path such as `lines[2].total` apart. A path of another form is one step. */
export function fieldPath(path: string): Step[] {
  if (path === '') return []
  return path.split('.').map((part) => {
    const [, name, index] = /^(.+)\[(\d+)\]$/.exec(part) ?? []
    return name === undefined ? { name: part } : { name, index: Number(index) }
  })
}
