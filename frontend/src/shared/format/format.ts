import minorDigitsOf from './minor-digits.json'
import { type Day, toDate } from './day'

/** What formatting depends on: the interface's locale, and the currency and time zone of the organization, if one is chosen. */
export type FormatSettings = { locale: string; currency?: string; timeZone: string }

/** Writes values as people of the locale read them. Absent values are written as a dash. */
export type Format = ReturnType<typeof createFormat>

type Maybe<T> = T | null | undefined

/** What stands for an absent value. */
export const dash = '—'

const minus = '\u2212'

/** Of the currencies that have not two. */
const unusualDigits: Readonly<Record<string, number>> = minorDigitsOf

/** Formatters for one locale and organization. Cheap to keep, not to make: use useFormat in components. */
export function createFormat({ locale, currency, timeZone }: FormatSettings) {
  const number = (options: Intl.NumberFormatOptions) => {
    const formatter = new Intl.NumberFormat(locale, options)
    // Browsers write a hyphen, which is shorter than the plus and may end a line.
    return (value: Maybe<number>) =>
      value == null ? dash : formatter.format(value).replace('-', minus)
  }
  const moment = (options: Intl.DateTimeFormatOptions) => {
    const formatter = new Intl.DateTimeFormat(locale, { timeZone, ...options })
    return (at: Maybe<string | Date>) => (at == null ? dash : formatter.format(new Date(at)))
  }
  const calendar = (options: Intl.DateTimeFormatOptions) => {
    const formatter = new Intl.DateTimeFormat(locale, { timeZone: 'UTC', ...options })
    return (day: Maybe<Day>) => (day ? formatter.format(toDate(day)) : dash)
  }
  // The browser's own digits are how people write amounts, not those of ISO 4217: none for UZS.
  const minorDigits = unusualDigits[currency ?? ''] ?? 2
  const exact = { minimumFractionDigits: minorDigits, maximumFractionDigits: minorDigits }
  const money: Intl.NumberFormatOptions = currency
    ? { style: 'currency', currency, currencyDisplay: 'narrowSymbol' }
    : {}

  const clock = { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' } as const
  const thisYear = moment(clock)
  const anyYear = moment({ ...clock, year: 'numeric' })
  const yearOf = moment({ year: 'numeric' })
  const range = new Intl.DateTimeFormat(locale, { timeZone: 'UTC', dateStyle: 'medium' })
  const currencyFormat = new Intl.NumberFormat(locale, money)
  const currencySign =
    currencyFormat.formatToParts(0).find(({ type }) => type === 'currency')?.value ?? ''

  return {
    /** Money in the organization's currency, with its minor digits. */
    money: number(currency ? { ...money, ...exact } : {}),
    /** Money that is added to something: with its sign, plus too. */
    moneySigned: number(currency ? { ...money, ...exact, signDisplay: 'exceptZero' } : {}),
    /** Money without the currency's sign, for tables that name it once. */
    amount: number(exact),
    /** The currency's sign: ₽. */
    currencySign,
    /** Money without minor digits, for tiles. */
    moneyWhole: number({ ...money, minimumFractionDigits: 0, maximumFractionDigits: 0 }),
    /** Money shortened for axes: 12 тыс. ₽. */
    moneyCompact: number({ ...money, notation: 'compact', maximumFractionDigits: 1 }),
    /** A quantity of up to 6 fraction digits. */
    quantity: number({ maximumFractionDigits: 6 }),
    integer: number({ maximumFractionDigits: 0 }),
    /** A length of time in its largest unit that fits: 3 минуты. */
    duration: (seconds: number) => duration(locale, seconds),
    /** A share: 0.125 is 12.5 %. */
    percent: number({ style: 'percent', maximumFractionDigits: 1 }),
    /** A share with one fraction digit always, so that figures stand in columns: 3,0 %. */
    share: number({ style: 'percent', minimumFractionDigits: 1, maximumFractionDigits: 1 }),
    /** A change against before: 0.125 is +12.5 %. */
    growth: number({ style: 'percent', maximumFractionDigits: 1, signDisplay: 'exceptZero' }),
    /** Date and time of a moment in the organization's time zone. */
    dateTime: moment({ dateStyle: 'medium', timeStyle: 'short' }),
    /** Date and time of a moment for tables: without the year where it is this one. */
    dateTimeShort: (at: Maybe<string | Date>, now: Date = new Date()) =>
      at != null && yearOf(at) === yearOf(now) ? thisYear(at) : anyYear(at),
    /** Date and time of a moment to the second. */
    dateTimeExact: moment({ dateStyle: 'medium', timeStyle: 'medium' }),
    /** Date of a moment in the organization's time zone. */
    date: moment({ dateStyle: 'medium' }),
    time: moment({ timeStyle: 'short' }),
    /** A business day: 5 марта 2026 г. */
    day: calendar({ dateStyle: 'medium' }),
    /** Business days from the first to the last: 1–30 ноября 2026 г. */
    dayRange: (from: Day, to: Day) => range.formatRange(toDate(from), toDate(to)),
    /** A business day in full: четверг, 5 марта. */
    dayLong: calendar({ weekday: 'long', day: 'numeric', month: 'long' }),
    /** A business day on an axis: 5 мар. */
    dayShort: calendar({ day: 'numeric', month: 'short' }),
    /** A business day with its weekday: чт, 5 мар. */
    dayWeekday: calendar({ weekday: 'short', day: 'numeric', month: 'short' }),
    /** The month of a day: март 2026 г. */
    month: calendar({ month: 'long', year: 'numeric' }),
    /** The month of a day on an axis: мар. 2026 г. */
    monthShort: calendar({ month: 'short', year: 'numeric' }),
    /** A moment as seen from now: 5 минут назад. */
    relative: (at: Maybe<string | Date>, now: Date = new Date()) =>
      at == null ? dash : relative(locale, new Date(at), now),
  }
}

const units: [Intl.RelativeTimeFormatUnit, number][] = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
]

function duration(locale: string, seconds: number): string {
  const [unit, size] = units.find(([, size]) => seconds >= size) ?? ['second', 1]
  return new Intl.NumberFormat(locale, {
    style: 'unit',
    unit,
    unitDisplay: 'long',
    maximumFractionDigits: 0,
  }).format(seconds / size)
}

function relative(locale: string, at: Date, now: Date): string {
  const formatter = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' })
  const seconds = (at.getTime() - now.getTime()) / 1000
  const [unit, size] = units.find(([, size]) => Math.abs(seconds) >= size) ?? ['second', 1]
  return formatter.format(unit === 'second' ? 0 : Math.round(seconds / size), unit)
}
