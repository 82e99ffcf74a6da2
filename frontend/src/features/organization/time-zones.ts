import timeZones from '@/shared/format/time-zones.json'

/** A choice of a Select. */
export type Choice = { value: string; label: string }

/** The IANA time zones that the browser shows, with their offset of today, from west to east: `(UTC+03:00) Europe/Moscow`. */
export function timeZoneChoices(now: Date, keep: string): Choice[] {
  const known = new Set(timeZones)
  const shown = Intl.supportedValuesOf('timeZone').filter((zone) => known.has(zone))
  const zones = new Set([...shown, 'UTC', ...(keep ? [keep] : [])])
  return [...zones]
    .map((zone) => ({ zone, minutes: offsetMinutes(zone, now) }))
    .sort((a, b) => a.minutes - b.minutes || a.zone.localeCompare(b.zone))
    .map(({ zone, minutes }) => ({ value: zone, label: `(UTC${writeOffset(minutes)}) ${zone}` }))
}

/** Minutes that the zone is ahead of UTC at a moment. */
export function offsetMinutes(timeZone: string, at: Date): number {
  const name = new Intl.DateTimeFormat('en', { timeZone, timeZoneName: 'longOffset' })
    .formatToParts(at)
    .find((part) => part.type === 'timeZoneName')?.value
  const [, sign, hours, minutes] = /GMT([+-])(\d{2}):(\d{2})/.exec(name ?? '') ?? []
  if (!sign) return 0
  return (Number(hours) * 60 + Number(minutes)) * (sign === '-' ? -1 : 1)
}

function writeOffset(minutes: number): string {
  const two = (n: number) => String(n).padStart(2, '0')
  const distance = Math.abs(minutes)
  return `${minutes < 0 ? '−' : '+'}${two(Math.floor(distance / 60))}:${two(distance % 60)}`
}
