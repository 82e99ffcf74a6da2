/** The share by which a figure differs from the one before; null when there was nothing to compare with. */
export function growth(value?: number | null, previous?: number | null): number | null {
  if (value == null || previous == null || previous === 0) return null
  return (value - previous) / Math.abs(previous)
}
