import timeZones from '@/shared/format/time-zones.json'

/** A choice of a Select; words find it too, beside its label. */
export type Choice = { value: string; label: string; words?: string[] }

/** A zone's city in Russian and in English; none where the zone is no place. */
const cities: Record<string, string[]> = timeZones

/**
 * The IANA time zones that the browser shows, by their cities, with their offset of today, from west to east:
 * `(UTC+05:00) Екатеринбург`.
 */
export function timeZoneChoices(language: string, now: Date, keep: string): Choice[] {
  const shown = Intl.supportedValuesOf('timeZone').filter((zone) => zone in cities)
  const zones = new Set([...shown, 'UTC', ...(keep ? [keep] : [])])
  return [...zones]
    .map((zone) => ({
      zone,
      city: timeZoneName(language, zone),
      minutes: offsetMinutes(zone, now),
    }))
    .sort((a, b) => a.minutes - b.minutes || a.city.localeCompare(b.city, language))
    .map(({ zone, city, minutes }) => ({
      value: zone,
      label: `(UTC${writeOffset(minutes)}) ${city}`,
      words: [zone, zone.replaceAll('_', ' '), ...(cities[zone] ?? [])],
    }))
}

/** What a zone is called: its city, or its name in the IANA list. */
export function timeZoneName(language: string, zone: string): string {
  const [russian, english] = cities[zone] ?? []
  return (language === 'ru' ? russian : english) ?? zone
}

/** The choices that hold what is typed, in whatever case: in the label, or in a word. */
export function filterChoices<T extends Choice>(choices: T[], typed: string): T[] {
  const wanted = fold(typed)
  return choices.filter(({ label, words = [] }) =>
    [label, ...words].some((text) => fold(text).includes(wanted)),
  )
}

const fold = (text: string) => text.trim().toLowerCase().replaceAll('ё', 'е')

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
