/** Round marks for an axis from 0 to at least `max`: about four steps of 1, 2, 2.5 or 5 × 10ⁿ, none below `least`. */
export function ticks(max: number, least = 0): number[] {
  if (!(max > 0)) return [0, 1]
  const exact = Math.max(max / 4, least)
  const magnitude = 10 ** Math.floor(Math.log10(exact))
  const step = magnitude * ([1, 2, 2.5, 5, 10].find((nice) => nice * magnitude >= exact) ?? 10)
  const steps = Math.ceil(max / step - 1e-9)
  return Array.from({ length: steps + 1 }, (_, index) => index * step)
}
