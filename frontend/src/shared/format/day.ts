/** A business day as the API writes it: `YYYY-MM-DD`. It has no time zone; arithmetic is on the calendar. */
export type Day = string

/** Whether the text is a day that exists. */
export function isDay(text: string): text is Day {
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && toDay(toDate(text)) === text
}

/** The day n days later; n may be negative. */
export function addDays(day: Day, n: number): Day {
  const date = toDate(day)
  date.setUTCDate(date.getUTCDate() + n)
  return toDay(date)
}

/** Monday of the day's week. */
export function startOfWeek(day: Day): Day {
  return addDays(day, -((toDate(day).getUTCDay() + 6) % 7))
}

/** The first day of the day's month. */
export function startOfMonth(day: Day): Day {
  return `${day.slice(0, 8)}01`
}

/** The business day at a moment: the wall time before `dayStartsAt` ("HH:MM") counts to the day before. */
export function businessDay(at: Date, timeZone: string, dayStartsAt = '00:00'): Day {
  const [hours = 0, minutes = 0] = dayStartsAt.split(':').map(Number)
  const parts = new Intl.DateTimeFormat('en-CA', {
    timeZone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).formatToParts(at)
  const part = (type: string) => parts.find((p) => p.type === type)?.value ?? ''
  const day = `${part('year')}-${part('month')}-${part('day')}`
  const early = Number(part('hour')) * 60 + Number(part('minute')) < hours * 60 + minutes
  return early ? addDays(day, -1) : day
}

/** The day as midnight UTC, for Intl with timeZone UTC. */
export function toDate(day: Day): Date {
  return new Date(`${day}T00:00:00Z`)
}

function toDay(date: Date): Day {
  return Number.isNaN(date.getTime()) ? '' : date.toISOString().slice(0, 10)
}
