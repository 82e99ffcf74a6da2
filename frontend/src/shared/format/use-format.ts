import { useTranslation } from 'react-i18next'
import { formattingLocale } from '../i18n/language'
import { useCurrentOrganization } from '../session/organization'
import { createFormat, type Format } from './format'

/** Formatters for the interface's language and the organization chosen (without one: the browser's zone). */
export function useFormat(): Format {
  const { i18n } = useTranslation()
  const organization = useCurrentOrganization()
  return formatFor(
    formattingLocale(i18n.language),
    organization?.currency,
    organization?.time_zone ?? browserZone,
  )
}

const browserZone = localTimeZone()

// Every cell of a list asks for them: what takes long to make is made once.
const made = new Map<string, Format>()

function formatFor(locale: string, currency: string | undefined, timeZone: string): Format {
  const key = [locale, currency, timeZone].join(' ')
  const format = made.get(key) ?? createFormat({ locale, currency, timeZone })
  made.set(key, format)
  return format
}

/** The browser's IANA time zone. */
export function localTimeZone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone
}
