/** Rows in the order that the URL names (`key` or `-key`). Rows without the value stand last in either order. */
export function sortRows<Row extends object>(rows: Row[], sort: string): Row[] {
  const descending = sort.startsWith('-')
  const key = (descending ? sort.slice(1) : sort) as keyof Row
  return [...rows].sort((a, b) => {
    const [x, y] = [a[key], b[key]]
    if (x == null || y == null) return Number(x == null) - Number(y == null)
    const order = compare(x, y)
    return descending ? -order : order
  })
}

function compare(a: unknown, b: unknown): number {
  return typeof a === 'number' && typeof b === 'number'
    ? a - b
    : String(a).localeCompare(String(b), undefined, { numeric: true })
}
