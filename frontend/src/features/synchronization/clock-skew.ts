/** Seconds of difference that nobody has to care about. */
export const toleratedSkewSeconds = 60

/** What a device's clock does against the server's: right, or ahead or behind by so many seconds. */
export function clockSkew(seconds: number): { state: 'right' | 'ahead' | 'behind'; by: number } {
  if (Math.abs(seconds) <= toleratedSkewSeconds) return { state: 'right', by: 0 }
  return { state: seconds > 0 ? 'ahead' : 'behind', by: Math.abs(seconds) }
}
